using System.Globalization;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>How many mails have gone out on a day, over all processes, in MongoDB.</summary>
public sealed class MailPaceStore(IMongoDatabase database)
{
    private readonly IMongoCollection<Day> _days = database.GetCollection<Day>("mailDays");

    private sealed record Day([property: BsonId] string Id, long Sent);

    /// <summary>Takes one of a day's mails.</summary>
    /// <returns>False where all are taken.</returns>
    public async Task<bool> Take(DateOnly day, long most, CancellationToken ct)
    {
        if (most <= 0) return false;
        var id = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            try { return (await _days.UpdateOneAsync(d => d.Id == id && d.Sent < most, Builders<Day>.Update.Inc(d => d.Sent, 1), new UpdateOptions { IsUpsert = true }, ct)) is { IsAcknowledged: true }; }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }   // all are taken; or another process made the day in between, and the second try sees it
        }
        return false;
    }
}
