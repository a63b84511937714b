using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Platform.Notifications.Outbound;

/// <summary>An address that a name leads to is none where messages may go.</summary>
public sealed class ForbiddenAddressException() : IOException("the address is not a public one");

/// <summary>What came back; nothing of it is trusted.</summary>
/// <param name="RetryAfter">As the other side asks, or null.</param>
/// <param name="Reason">Where there was no answer: why, in a few words without the address.</param>
/// <param name="Forbidden">It was not sent: the host leads where nothing may go.</param>
public sealed record HttpOutcome(HttpStatusCode? Status, TimeSpan? RetryAfter, string? Reason, bool Forbidden = false)
{
    public bool IsSuccess => Status is { } status && (int)status is >= 200 and < 300;
}

/// <summary>
/// Sends to addresses that strangers have given us. The name is resolved here, every address it leads to is checked, and the connection goes to the very one that was checked; no redirect is followed, no proxy and
/// no cookie used; the whole takes at most 15 s and reads at most 64 KB.
/// </summary>
public sealed class OutboundHttp : IDisposable
{
    public const int MaxAnswer = 64 * 1024;
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(5), LongestRetryAfter = TimeSpan.FromDays(1);
    private readonly OutboundRules _rules;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _http;

    /// <param name="connections">To one host at the same time.</param>
    public OutboundHttp(OutboundRules rules, TimeProvider clock, int connections = 8)
    {
        (_rules, _clock) = (rules, clock);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = Open,
            ConnectTimeout = Connect,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PreAuthenticate = false,
            AutomaticDecompression = DecompressionMethods.None,   // a small answer stays small
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            MaxConnectionsPerServer = connections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),   // then the name is resolved, and checked, again
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),   // our traces are nobody else's business
        });
    }

    /// <summary>Never throws, save for a defect of ours.</summary>
    public async Task<HttpOutcome> Send(HttpRequestMessage request)
    {
        using var limit = new CancellationTokenSource(Limit, _clock);
        try
        {
            using var answer = await _http.SendAsync(request, limit.Token);
            var outcome = new HttpOutcome(answer.StatusCode, RetryAfter(answer.Headers.RetryAfter), null);
            // Read for the connection's sake only; what is longer costs it the connection.
            try { await Drain(answer, limit.Token); }
            catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException) { }
            return outcome;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException or TimeoutException)
        {
            for (var inner = e; inner is not null; inner = inner.InnerException)
                if (inner is ForbiddenAddressException) return new(null, null, inner.Message, Forbidden: true);
            return new(null, null, e switch
            {
                OperationCanceledException or TimeoutException => "no answer in time",
                HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the name is unknown",
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection",
                HttpRequestException { InnerException: SocketException socket } => $"no connection: {socket.SocketErrorCode}",
                HttpRequestException { HttpRequestError: var error } => $"no connection: {error}",
                _ => $"the connection was lost: {e.GetType().Name}",
            });
        }
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> Open(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var host = context.DnsEndPoint.Host;
        var https = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
        IPAddress[] addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, ct);
        // One forbidden address among others is a trap, not a choice.
        if (addresses.Length == 0 || addresses.Any(a => !_rules.Allows(a, https))) throw new ForbiddenAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task Drain(HttpResponseMessage answer, CancellationToken ct)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[4096];
        for (var total = 0; total < MaxAnswer;)
        {
            var read = await body.ReadAsync(buffer, ct);
            if (read == 0) return;
            total += read;
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date - _clock.GetUtcNow());
        return wait is not { } time || time <= TimeSpan.Zero ? null : time < LongestRetryAfter ? time : LongestRetryAfter;
    }
}
