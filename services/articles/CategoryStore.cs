using MongoDB.Driver;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Keeps the one document of categories, and a copy of it in memory, since every article that is shown needs their names.</summary>
public sealed class CategoryStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock) : IDisposable
{
    public const string Collection = "categories";

    private readonly SharedDocumentStore<CategoryTree> _tree = new(database, Collection, CategoryTree.Empty, relay, clock);

    /// <summary>The categories as they are, or were a moment ago.</summary>
    public ValueTask<CategoryTree> Read(CancellationToken ct) => _tree.Read(ct);

    /// <summary>The categories as they are.</summary>
    public Task<CategoryTree> ReadNow(CancellationToken ct) => _tree.ReadNow(ct);

    /// <summary>Changes the tree and tells the world, in one write; again where somebody else was faster.</summary>
    public Task<CategoryTree> Change(Func<CategoryTree, (CategoryTree Next, IReadOnlyList<CategoriesChanged> Messages)> change, CancellationToken ct) =>
        _tree.Change(tree => change(tree), ct);

    public Task CreateIndexes(CancellationToken ct) => _tree.CreateIndexes(ct);

    public void Dispose() => _tree.Dispose();
}
