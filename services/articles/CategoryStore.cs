using MongoDB.Driver;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Keeps the one document of categories, and a copy of it in memory, since every article that is shown needs their names.</summary>
public sealed class CategoryStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock) : IDisposable
{
    public const string Collection = "categories";

    /// <summary>How old the copy may be: what another replica changed is seen so late.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(200);
    private const int Attempts = 100;

    private readonly DocumentStore<CategoryTree> _documents = new(database, Collection, relay, clock);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile Copy? _copy;

    private sealed record Copy(CategoryTree Tree, long ReadAt);

    /// <summary>The categories as they are, or were a moment ago.</summary>
    public ValueTask<CategoryTree> Read(CancellationToken ct) =>
        _copy is { } copy && clock.GetElapsedTime(copy.ReadAt) < Fresh ? ValueTask.FromResult(copy.Tree) : new(ReadNow(ct));

    /// <summary>The categories as they are. By _id, and without a document where the copy is still right.</summary>
    public async Task<CategoryTree> ReadNow(CancellationToken ct)
    {
        var at = clock.GetTimestamp();
        var known = _copy?.Tree;
        var version = known?.Version ?? 0;
        var read = await _documents.Collection.Find(t => t.Id == CategoryTree.TheId && t.Version != version).FirstOrDefaultAsync(ct) ?? known ?? CategoryTree.Empty;
        return Keep(read, at);
    }

    /// <summary>Changes the tree and tells the world, in one write; again where somebody else was faster.</summary>
    public async Task<CategoryTree> Change(Func<CategoryTree, (CategoryTree Next, CategoriesChanged? Event)> change, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);   // callers of this replica one after the other, so that they do not outrun each other
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var (next, told) = change(await ReadNow(ct));
                if (told is null) return next;
                if (await _documents.Save(next, [told], ct)) return Keep(next, clock.GetTimestamp());
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
        await _documents.Insert(CategoryTree.Empty, [], ct);
    }

    public void Dispose() => _changing.Dispose();

    /// <summary>Never goes back to an older version that a slower read brings.</summary>
    private CategoryTree Keep(CategoryTree read, long at)
    {
        while (true)
        {
            var copy = _copy;
            if (copy is not null && copy.Tree.Version > read.Version) return copy.Tree;
            if (Interlocked.CompareExchange(ref _copy, new Copy(read, at), copy) == copy) return read;
        }
    }
}
