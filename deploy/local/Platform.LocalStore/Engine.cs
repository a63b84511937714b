using Npgsql;
using NpgsqlTypes;

namespace Platform.LocalStore;

/// <summary>Connections to the DocumentDB engine, and how its functions are called.</summary>
internal sealed class Engine(string connectionString) : IAsyncDisposable
{
    private const int Attempts = 20;

    // Two writers of one unique key deadlock in the engine. One of them begins anew, and those that do go one at a time, so that it ends.
    private readonly SemaphoreSlim _losers = new(1);

    // Every statement is one of a few dozen texts: prepared once per connection, they cost the engine no parsing.
    // Few connections: each is a process of the engine that must warm its own caches, and more of them than cores only take turns.
    private readonly NpgsqlDataSource _pool = NpgsqlDataSource.Create(connectionString
        + ";Maximum Pool Size=24;Minimum Pool Size=2;Max Auto Prepare=60;Auto Prepare Min Usages=2;Command Timeout=0;Timeout=15;Application Name=local-store");

    /// <summary>Waits for the engine and makes what the gateway itself keeps there; harmless when it is there.</summary>
    public Task Prepare(CancellationToken ct) => Run(repeatable: true, async connection =>
    {
        await using var command = new NpgsqlCommand(OnceSql.Schema, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }, ct);

    /// <summary>
    /// Runs work on a connection of the pool. What lost against another write is repeated, as MongoDB itself does it; what lost its
    /// connection is repeated only where that is safe: it had not begun, or it is <paramref name="repeatable"/>.
    /// </summary>
    public async Task<T> Run<T>(bool repeatable, Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        var conflict = false;
        for (var attempt = 0; ; attempt++)
        {
            var begun = false;
            if (conflict) await _losers.WaitAsync(ct);
            var failed = false;
            try
            {
                await using var connection = await _pool.OpenConnectionAsync(ct);
                begun = true;
                return await work(connection);
            }
            catch (NpgsqlException e) when (attempt < Attempts && (IsConflict(e) || IsLost(e) && (repeatable || !begun)))
            {
                if (IsLost(e)) _pool.Clear();
                failed = IsConflict(e);
            }
            finally
            {
                if (conflict) _losers.Release();
            }
            conflict = failed;
            await Task.Delay(Random.Shared.Next(1, 8 << Math.Min(attempt, 6)), ct);
        }
    }

    /// <summary>Calls a function that gives one BSON document; null where it gives none.</summary>
    /// <param name="arguments">Texts, numbers, BSON as bytes, or null.</param>
    public Task<byte[]?> Call(bool repeatable, string sql, CancellationToken ct, params object?[] arguments) => Run(repeatable, async connection =>
    {
        await using var command = Command(connection, sql, arguments);
        return await command.ExecuteScalarAsync(ct) is byte[] bytes ? Plain(bytes) : null;
    }, ct);

    /// <summary>Calls a procedure. Its document comes as text, for a procedure's result cannot be cast.</summary>
    public Task<byte[]> CallProcedure(string sql, CancellationToken ct, params object?[] arguments) => Run(repeatable: false, async connection =>
    {
        await using var command = Command(connection, sql, arguments);
        command.AllResultTypesAreUnknown = true;
        return Plain(System.Text.Encoding.ASCII.GetBytes((string)(await command.ExecuteScalarAsync(ct))!));
    }, ct);

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] arguments)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
            command.Parameters.Add(argument switch
            {
                byte[] or ReadOnlyMemory<byte> => new NpgsqlParameter { Value = argument, NpgsqlDbType = NpgsqlDbType.Bytea },
                null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
                _ => new NpgsqlParameter { Value = argument },
            });
        return command;
    }

    /// <summary>The engine's cast of BSON to bytes gives the bytes themselves, or the word BSONHEX and their digits.</summary>
    public static byte[] Plain(byte[] bytes) =>
        bytes.AsSpan().StartsWith("BSONHEX"u8) ? Convert.FromHexString(bytes.AsSpan("BSONHEX"u8.Length)) : bytes;

    /// <summary>Whether the engine itself went away, rather than refused or was too busy.</summary>
    public static bool IsLost(NpgsqlException problem) =>
        problem is PostgresException refused ? refused.SqlState is "57P01" or "57P02" or "57P03" : problem.InnerException is not TimeoutException;

    private static bool IsConflict(NpgsqlException problem) => problem is PostgresException { SqlState: "40001" or "40P01" or "55P03" };

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
