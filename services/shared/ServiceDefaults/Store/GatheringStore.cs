using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>
/// Inserts single documents; those that come while others are on their way go together in one command (group commit), which costs the store a
/// fraction of as many single ones. Nobody waits for company: where nothing is on its way, an insert goes at once.
/// </summary>
internal sealed class GatheringStore(IMongoCollection<BsonDocument> collection)
{
    /// <summary>Documents of one command. The largest of ours are below 3 MB, a message is at most 48 MB.</summary>
    private const int Most = 12;

    /// <summary>Commands on their way at once.</summary>
    private const int Lanes = 2;

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _lanes;

    private sealed record Waiting(BsonDocument Document, TaskCompletionSource Done);

    /// <param name="ct">Ends the waiting, not the insert.</param>
    /// <exception cref="MongoWriteException">A unique index refused this document.</exception>
    public Task Insert(BsonDocument document, CancellationToken ct)
    {
        var waiting = new Waiting(document, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (_lanes < Lanes)
            {
                _lanes++;
                _ = Task.Run(Run, CancellationToken.None);
            }
        }
        return waiting.Done.Task.WaitAsync(ct);
    }

    private async Task Run()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                if (batch is [var only]) await collection.InsertOneAsync(only.Document, cancellationToken: CancellationToken.None);
                else await collection.InsertManyAsync(batch.Select(b => b.Document), new InsertManyOptions { IsOrdered = false }, CancellationToken.None);
            }
            catch (MongoBulkWriteException<BsonDocument> e) when (e.WriteConcernError is null)
            {
                foreach (var error in e.WriteErrors) batch[error.Index].Done.TrySetException(new MongoWriteException(e.ConnectionId, error, null, e));
            }
            catch (Exception e)
            {
                foreach (var one in batch) one.Done.TrySetException(e);
            }
            foreach (var one in batch) one.Done.TrySetResult();
        }
    }

    /// <summary>What goes into the next command; none ends the lane.</summary>
    private List<Waiting> Next()
    {
        lock (_gate)
        {
            var batch = new List<Waiting>(Most);
            while (batch.Count < Most && _waiting.TryDequeue(out var next)) batch.Add(next);
            if (batch.Count == 0) _lanes--;
            return batch;
        }
    }
}
