using Microsoft.Extensions.Configuration;
using MongoDB.Driver;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Mail;

/// <summary>One domain gets one mail a minute; the first day has room for three in all.</summary>
public sealed class SlowFixture : NotificationsFixture
{
    public static readonly DateOnly Today = DateOnly.FromDateTime(DateTime.UtcNow.Date);

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [.. base.Settings, new("MAIL_DOMAIN_LIMITS", "slow.example=1/1"), new("MAIL_WARMUP", $"{Today.AddDays(1):yyyy-MM-dd}=3")];
}

public sealed class MailPaceTests(SlowFixture fixture) : IClassFixture<SlowFixture>
{
    [Fact]
    public async Task What_a_domain_or_the_day_cannot_bear_is_put_off_and_sent_in_its_time()
    {
        // The warm-up begins tomorrow: nothing goes out before, and nothing fails.
        string[] addresses = [$"a-{Guid.NewGuid():N}@slow.example", $"b-{Guid.NewGuid():N}@slow.example", NewAddress()];
        await fixture.Subscriptions.InsertManyAsync(addresses.Select(a => NewSubscription(a, "slowly")));
        var article = Article("slowly");
        await fixture.Spy.Publish(article);
        await Eventually.True(async () => await fixture.Ledger.CountDocumentsAsync(d => d.State == DeliveryState.Waiting && d.Attempts == 0) == 3, "all three to wait, untried");
        addresses.SelectMany(fixture.Sink.For).ShouldBeEmpty();

        fixture.Time.Advance(TimeSpan.FromDays(1));
        await Eventually.True(() => addresses.SelectMany(fixture.Sink.For).Count() == 2, "one of the slow domain, and the other");
        await Eventually.True(async () => await fixture.Ledger.Find(d => d.State == DeliveryState.Waiting).SingleOrDefaultAsync() is { } row && row.Due > fixture.Time.GetUtcNow().AddSeconds(20), "the second of the slow domain to wait for its minute");
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        var done = await fixture.Done(article.ArticleId);
        (done["sent"]!.GetValue<int>(), done["failed"]!.GetValue<int>()).ShouldBe((3, 0));
    }

    [Fact]
    public void A_warm_up_doubles_each_day_until_there_is_no_limit()
    {
        var first = new DateOnly(2026, 1, 31);
        var warmUp = new WarmUp(first, 500);
        warmUp.On(first.AddDays(-1)).ShouldBe(0);
        warmUp.On(first).ShouldBe(500);
        warmUp.On(first.AddDays(1)).ShouldBe(1000);
        warmUp.On(first.AddDays(10)).ShouldBe(512_000);
        warmUp.On(first.AddDays(20)).ShouldBeNull();
    }

    [Theory]
    [InlineData("example.com=2/600, *=20/6000", null, true)]
    [InlineData("", "2026-01-31=500", true)]
    [InlineData("example.com", null, false)]
    [InlineData("example.com=2", null, false)]
    [InlineData("example.com=0/600", null, false)]
    [InlineData("example.com=2/x", null, false)]
    [InlineData("=2/600", null, false)]
    [InlineData(null, "500", false)]
    [InlineData(null, "2026-02-31=500", false)]
    [InlineData(null, "2026-01-31=-1", false)]
    public void Settings_are_checked_at_start(string? limits, string? warmUp, bool right)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("MAIL_DOMAIN_LIMITS", limits), new("MAIL_WARMUP", warmUp)]).Build();
        if (right) MailPace.Read(configuration);
        else Should.Throw<SettingException>(() => MailPace.Read(configuration));
    }
}
