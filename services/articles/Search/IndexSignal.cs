namespace Platform.Articles.Search;

/// <summary>Wakes what follows the store, so that this replica's own writes are searchable at once and not at the next look.</summary>
public sealed class IndexSignal : IDisposable
{
    private readonly SemaphoreSlim _written = new(0, 1);

    /// <summary>Something was written that matters to searches. Many at once count as one.</summary>
    public void Written()
    {
        try { _written.Release(); }
        catch (SemaphoreFullException) { }   // nobody has looked since the last one
    }

    /// <summary>Returns when something was written, or after the time.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken ct) => _written.WaitAsync(atMost, ct);

    public void Dispose() => _written.Dispose();
}
