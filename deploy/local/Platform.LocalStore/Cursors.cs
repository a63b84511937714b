using System.Collections.Concurrent;
using MongoDB.Bson;

namespace Platform.LocalStore;

/// <summary>Open cursors: where each goes on. The engine keeps their pages in files; nothing is held here but the bookmark.</summary>
internal sealed class Cursors(Engine engine, TimeProvider clock)
{
    /// <summary>An idle cursor is forgotten after this time, as in MongoDB; the engine drops its files then too.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    /// <summary>Cursors open at once; more are refused.</summary>
    public const int Max = 10_000;

    private readonly ConcurrentDictionary<long, Cursor> _open = new();

    /// <summary>Runs a query and gives its first page; where there is more, a cursor stays open under the id that the page names.</summary>
    public async Task<byte[]> Open(string sql, WireMessage request, bool repeatable, CancellationToken ct)
    {
        if (_open.Count >= Max) throw new StoreError(StoreError.InternalError, $"too many open cursors: the local store keeps at most {Max}");
        return await engine.Run(repeatable, async connection =>
        {
            await using var command = Engine.Command(connection, sql, request.Database, request.Body);
            await using var row = await command.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            var id = row.GetInt64(3);
            if (id != 0 && !await row.IsDBNullAsync(1, ct))
            {
                if (row.GetBoolean(2)) throw new StoreError(StoreError.InternalError, "the engine wants a connection per cursor: it lacks useFileBasedPersistedCursors=on");
                _open[id] = new(request.Database, Engine.Plain(row.GetFieldValue<byte[]>(1)), clock.GetTimestamp());
            }
            return Engine.Plain(row.GetFieldValue<byte[]>(0));
        }, ct);
    }

    /// <summary>The next page.</summary>
    /// <exception cref="StoreError">43 CursorNotFound: exhausted, killed, idle for too long, or of an earlier run of the gateway.</exception>
    public async Task<byte[]> Next(WireMessage request, CancellationToken ct)
    {
        var id = request.Command.GetElement(0).Value.ToInt64();
        if (!_open.TryGetValue(id, out var cursor) || !string.Equals(cursor.Database, request.Database, StringComparison.Ordinal))
            throw new StoreError(StoreError.CursorNotFound, $"cursor id {id} not found");
        return await engine.Run(repeatable: false, async connection =>
        {
            await using var command = Engine.Command(connection, EngineSql.GetMore, cursor.Database, request.Body, cursor.Continuation);
            await using var row = await command.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            if (await row.IsDBNullAsync(1, ct)) _open.TryRemove(id, out _);
            else _open[id] = cursor with { Continuation = Engine.Plain(row.GetFieldValue<byte[]>(1)), LastUse = clock.GetTimestamp() };
            return Engine.Plain(row.GetFieldValue<byte[]>(0));
        }, ct);
    }

    /// <summary>Closes those of the named cursors that belong to the database.</summary>
    public async Task<byte[]> Kill(WireMessage request, CancellationToken ct)
    {
        BsonArray killed = [], unknown = [];
        foreach (var id in request.Command["cursors"].AsBsonArray)
        {
            var ours = _open.TryGetValue(id.ToInt64(), out var cursor) && string.Equals(cursor.Database, request.Database, StringComparison.Ordinal)
                && _open.TryRemove(id.ToInt64(), out _);
            (ours ? killed : unknown).Add(id);
        }
        if (killed.Count > 0) await engine.Call(repeatable: true, EngineSql.DeleteCursors, ct, [killed.Select(k => k.ToInt64()).ToArray()]);
        return new BsonDocument
        {
            { "cursorsKilled", killed }, { "cursorsNotFound", unknown }, { "cursorsAlive", new BsonArray() }, { "cursorsUnknown", new BsonArray() }, { "ok", 1.0 },
        }.ToBson();
    }

    /// <summary>Forgets what has been idle for too long.</summary>
    public void Expire()
    {
        foreach (var (id, cursor) in _open)
            if (clock.GetElapsedTime(cursor.LastUse) > IdleTime)
                _open.TryRemove(id, out _);
    }

    private sealed record Cursor(string Database, byte[] Continuation, long LastUse);
}
