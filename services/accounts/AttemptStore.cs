using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Accounts;

/// <summary>Failed attempts in the last quarter of an hour, per subject. Subjects are stored as keyed hashes: no address of a person or a machine is kept.</summary>
public sealed class AttemptStore(IMongoDatabase database, PlatformSettings settings, TimeProvider clock)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>So many times are remembered per subject: more than any limit.</summary>
    private const int Remembered = 50;

    private readonly IMongoCollection<Attempts> _attempts = database.GetCollection<Attempts>("attempts");
    private readonly IMongoCollection<UsedCode> _used = database.GetCollection<UsedCode>("usedCodes");
    private readonly byte[] _key = settings.Key("attempts");

    private sealed record Attempts([property: BsonId] string Id, IReadOnlyList<DateTimeOffset>? Failures, DateTimeOffset? LockedUntil, DateTimeOffset ExpiresAt);

    private sealed record UsedCode([property: BsonId] string Id, DateTimeOffset ExpiresAt);

    /// <summary>Counts one more failure.</summary>
    /// <returns>Failures within <see cref="Window"/>, this one included.</returns>
    public async Task<int> Fail(string subject, CancellationToken ct)
    {
        var now = clock.Now();
        var update = Builders<Attempts>.Update.PushEach(a => a.Failures, [now], slice: -Remembered).Max(a => a.ExpiresAt, now + Window);
        var options = new FindOneAndUpdateOptions<Attempts> { IsUpsert = true, ReturnDocument = ReturnDocument.After };
        var id = Id(subject);
        for (var tries = 0; ; tries++)
        {
            try
            {
                return Recent(await _attempts.FindOneAndUpdateAsync<Attempts>(a => a.Id == id, update, options, ct), now);
            }
            catch (MongoException e) when (StoreFailure.IsDuplicateKey(e) && tries < 5)
            {
                // Two first failures at once: the other one has made the document.
            }
        }
    }

    public async Task<int> Failures(string subject, CancellationToken ct) => Recent(await Find(subject, ct), clock.Now());

    public async Task<DateTimeOffset?> LockedUntil(string subject, CancellationToken ct) => (await Find(subject, ct))?.LockedUntil;

    public Task Lock(string subject, DateTimeOffset until, CancellationToken ct)
    {
        var id = Id(subject);
        return _attempts.UpdateOneAsync(a => a.Id == id, Builders<Attempts>.Update.Set(a => a.LockedUntil, until).Max(a => a.ExpiresAt, until), cancellationToken: ct);
    }

    /// <summary>Forgets the failures; a lock stays until its end.</summary>
    public Task Forget(string subject, CancellationToken ct)
    {
        var id = Id(subject);
        return _attempts.UpdateOneAsync(a => a.Id == id, Builders<Attempts>.Update.Set(a => a.Failures, []), cancellationToken: ct);
    }

    /// <summary>Marks a one-time code as used.</summary>
    /// <returns>False when it was used within the last minutes (RFC 6238, 5.2).</returns>
    public async Task<bool> UseCode(Guid memberId, string code, CancellationToken ct)
    {
        try
        {
            await _used.InsertOneAsync(new UsedCode(Id($"used:{memberId}:{code}"), clock.Now() + TimeSpan.FromMinutes(6)), cancellationToken: ct);
            return true;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            return false;
        }
    }

    public async Task CreateIndexes(CancellationToken ct)
    {
        var expiry = new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero };
        await _attempts.Indexes.CreateOneAsync(new CreateIndexModel<Attempts>(Builders<Attempts>.IndexKeys.Ascending(a => a.ExpiresAt), expiry), cancellationToken: ct);
        await _used.Indexes.CreateOneAsync(new CreateIndexModel<UsedCode>(Builders<UsedCode>.IndexKeys.Ascending(u => u.ExpiresAt), expiry), cancellationToken: ct);
    }

    private async Task<Attempts?> Find(string subject, CancellationToken ct)
    {
        var id = Id(subject);
        return await _attempts.Find(a => a.Id == id).FirstOrDefaultAsync(ct);
    }

    private string Id(string subject) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(subject)));

    private static int Recent(Attempts? attempts, DateTimeOffset now) => attempts?.Failures?.Count(f => f > now - Window) ?? 0;
}
