using System.Threading.RateLimiting;
using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

/// <summary>
/// Lets <see cref="PictureEncoder"/> work within bounds: two pictures at a time, one where it is large, each for 15 s at most.
/// A decoder that can't be stopped keeps its place until it ends, so that slow ones can't pile up.
/// </summary>
public sealed class PictureDecoding : IDisposable
{
    private const int Places = 2, MaxWaiting = 20;
    private const long Large = 16_000_000;
    private static readonly TimeSpan DecodeLimit = TimeSpan.FromSeconds(15), WaitLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter _places = new(new ConcurrencyLimiterOptions { PermitLimit = Places, QueueLimit = MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <exception cref="Problem">415 <c>media.notAnImage</c>; 422 <c>media.tooManyPixels</c>, <c>media.damaged</c>, <c>media.tooSlow</c>; 503 too many are waiting.</exception>
    public async Task<EncodedPicture> Encode(string path, CancellationToken ct)
    {
        var size = await Run(1, _ => PictureEncoder.Measure(path), ct);
        return await Run((long)size.Width * size.Height > Large ? Places : 1, stop => PictureEncoder.Encode(path, size, stop), ct);
    }

    private async Task<T> Run<T>(int places, Func<CancellationToken, T> work, CancellationToken ct)
    {
        var lease = await Place(places, ct);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(DecodeLimit);      // before the work, which disposes of it: a small picture is done at once
        var running = Task.Factory.StartNew(() => work(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _ = running.ContinueWith(done => { _ = done.Exception; stop.Dispose(); lease.Dispose(); }, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(DecodeLimit + TimeSpan.FromSeconds(1), ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw Problem.Rule("media.tooSlow", "The picture takes too long to decode.");
        }
    }

    private async Task<RateLimitLease> Place(int places, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(WaitLimit);
        try
        {
            var lease = await _places.AcquireAsync(places, patience.Token);
            if (lease.IsAcquired) return lease;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { }
        throw Problem.Unavailable("media.busy", "Too many pictures are being read; try again shortly.");
    }

    public void Dispose() => _places.Dispose();
}
