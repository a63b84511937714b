using System.Collections.Concurrent;

namespace Platform.Gateway.Proxying;

/// <summary>
/// Tells a part that hangs from one that is busy. A request that has waited a second for its answer to begin asks the part whether it lives
/// (<c>/health/live</c>, which needs nothing but the process); no word in 0.7 s, and the request has failed, within the 2 s that are promised.
/// So slow work (a large import, a search under load) takes its time, and a stopped process costs nobody a timeout made for the slowest.
/// For a second after such a silence nobody waits at all, so that requests don't pile up before a part that hangs.
/// </summary>
public sealed class LifeGuard(HttpMessageHandler inner, TimeProvider clock) : DelegatingHandler(inner)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), ProbeLimit = TimeSpan.FromSeconds(0.7), Pause = TimeSpan.FromSeconds(1);

    // One question at a time per address; there are a handful of addresses.
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _silentAt = new(StringComparer.Ordinal);

    /// <exception cref="HttpRequestException">The part does not answer at all.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_silentAt.TryGetValue(request.RequestUri!.Authority, out var at) && clock.GetElapsedTime(at) < Pause) throw Silent(request);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = base.SendAsync(request, giveUp.Token);
        while (!answer.IsCompleted)
        {
            try
            {
                return await answer.WaitAsync(Patience, clock, CancellationToken.None);
            }
            catch (TimeoutException) when (!answer.IsCompleted)
            {
                if (await Lives(request.RequestUri) || answer.IsCompleted) continue;
                _silentAt[request.RequestUri.Authority] = clock.GetTimestamp();
                await giveUp.CancelAsync();
                _ = answer.ContinueWith(static late => { if (late.IsCompletedSuccessfully) late.Result.Dispose(); else _ = late.Exception; }, TaskScheduler.Default);
                throw Silent(request);
            }
        }
        return await answer;
    }

    private static HttpRequestException Silent(HttpRequestMessage request) => new(HttpRequestError.ConnectionError, $"{request.RequestUri!.Authority} does not answer.");

    private async Task<bool> Lives(Uri address)
    {
        var authority = address.GetLeftPart(UriPartial.Authority);
        var asked = _asked.GetOrAdd(authority, a => new Lazy<Task<bool>>(() => Ask(new Uri(a + "/health/live"))));
        try { return await asked.Value; }
        finally { _asked.TryRemove(new(authority, asked)); }
    }

    private async Task<bool> Ask(Uri address)
    {
        using var limit = new CancellationTokenSource(ProbeLimit, clock);
        try
        {
            using var answer = await base.SendAsync(new HttpRequestMessage(HttpMethod.Get, address), limit.Token);
            return true;   // whatever it says, it speaks
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
