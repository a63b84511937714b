using Platform.ServiceDefaults;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests;

/// <summary>The walk through the subscribers of a key.</summary>
public sealed class MatchTests
{
    [Fact]
    public async Task Everyone_with_the_key_is_met_once_in_order_wherever_the_walk_begins_and_however_their_times_lie()
    {
        await using var database = await Infrastructure.NewDatabase();
        var store = new SubscriptionStore(database.Database);
        await store.CreateIndexes(default);
        var now = DateTimeOffset.UtcNow;
        List<DateTimeOffset> times =
        [
            .. Enumerable.Repeat(now.AddYears(-3), 300),                                    // an import: all at one moment
            .. Enumerable.Range(0, 200).Select(i => now.AddYears(-2).AddDays(i)),           // one a day
            .. Enumerable.Range(0, 300).Select(i => now.AddDays(-1).AddSeconds(i)),         // a rush
            .. Enumerable.Repeat(now, 20),
            now.AddHours(1), now.AddYears(1),                                               // clocks that are ahead
        ];
        var all = times.Select(t => NewSubscription(NewAddress(), "here") with { Id = Guid.CreateVersion7(t) }).ToList();
        await database.Database.GetCollection<Subscription>("subscriptions").InsertManyAsync([.. all, .. times.Take(400).Select(t => NewSubscription(NewAddress(), "elsewhere") with { Id = Guid.CreateVersion7(t) })]);

        var ids = all.Select(s => s.Id).OrderBy(i => i.ToString("N"), StringComparer.Ordinal).ToList();
        (await Met(Guid.Empty)).ShouldBe(ids);
        foreach (var begin in new[] { 0, 150, 299, 301, 499, 640, 819, 820, 821 }) (await Met(ids[begin])).ShouldBe(ids.Skip(begin + 1), $"after the {begin}th");
        (await Met(HashedId.First(0))).ShouldBe(ids);

        async Task<List<Guid>> Met(Guid after) => await store.Match("ar|category|here", after, 10, default).Select(m => m.Id).ToListAsync();
    }
}
