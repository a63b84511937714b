using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Keeps what was merged into what: a document for authors, one for tags, each with its outbox.</summary>
public sealed class MergeStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock) : IDisposable
{
    public const string Collection = "merges";

    /// <summary>By id, in the form <c>D</c>.</summary>
    internal SharedDocumentStore<Merges> Authors { get; } = new(database, Collection, Merges.NoAuthors, relay, clock);

    /// <summary>By comparison form.</summary>
    internal SharedDocumentStore<Merges> Tags { get; } = new(database, Collection, Merges.NoTags, relay, clock);

    public async Task CreateIndexes(CancellationToken ct)
    {
        await Authors.CreateIndexes(ct);
        await Tags.CreateIndexes(ct);
    }

    public void Dispose()
    {
        Authors.Dispose();
        Tags.Dispose();
    }
}
