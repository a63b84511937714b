using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Keeps one document that every answer needs and that seldom changes: in the store, with its outbox, and a copy of it in memory.</summary>
/// <param name="empty">The document before its first change; its id is the document's for ever.</param>
internal sealed class SharedDocumentStore<T>(IMongoDatabase database, string collection, T empty, OutboxRelay relay, TimeProvider clock) : IDisposable where T : class, IDocument
{
    /// <summary>How old the copy may be: what another replica changed is seen so late.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(200);
    private const int Attempts = 100;

    private readonly DocumentStore<T> _documents = new(database, collection, relay, clock);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Lock _joining = new();
    private Task<T>? _reading;
    private volatile Copy? _copy;

    private sealed record Copy(T Document, long ReadAt);

    /// <summary>The document as it is, or was a moment ago. One read serves all who ask meanwhile.</summary>
    public ValueTask<T> Read(CancellationToken ct)
    {
        if (_copy is { } copy && clock.GetElapsedTime(copy.ReadAt) < Fresh) return ValueTask.FromResult(copy.Document);
        lock (_joining)
        {
            if (_reading is null or { IsCompleted: true }) _reading = ReadNow(CancellationToken.None);
            return new(_reading.WaitAsync(ct));
        }
    }

    /// <summary>The document as it is. By _id, and without reading it where the copy is still right.</summary>
    public async Task<T> ReadNow(CancellationToken ct)
    {
        var at = clock.GetTimestamp();
        var known = _copy?.Document;
        var (id, version) = (empty.Id, known?.Version ?? 0);
        var read = await _documents.Collection.Find(t => t.Id == id && t.Version != version).FirstOrDefaultAsync(ct) ?? known ?? empty;
        return Keep(read, at);
    }

    /// <summary>Changes the document and tells the world, in one write; again where somebody else was faster. Without messages nothing is written.</summary>
    public async Task<T> Change(Func<T, (T Next, IReadOnlyList<object> Messages)> change, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);   // callers of this replica one after the other, so that they do not outrun each other
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var (next, told) = change(await ReadNow(ct));
                if (told.Count == 0) return next;
                if (await _documents.Save(next, told, ct)) return Keep(next, clock.GetTimestamp());
                if (attempt == Attempts) throw Problem.Unavailable();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Makes the empty document, so that changes have something to change.</summary>
    public async Task CreateIndexes(CancellationToken ct)
    {
        await _documents.CreateOutboxIndex(ct);
        await _documents.Insert(empty, [], ct);
    }

    public void Dispose() => _changing.Dispose();

    /// <summary>Never goes back to an older version that a slower read brings.</summary>
    private T Keep(T read, long at)
    {
        while (true)
        {
            var copy = _copy;
            if (copy is not null && copy.Document.Version > read.Version) return copy.Document;
            if (Interlocked.CompareExchange(ref _copy, new Copy(read, at), copy) == copy) return read;
        }
    }
}
