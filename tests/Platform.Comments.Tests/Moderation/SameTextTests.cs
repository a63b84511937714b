using Platform.Comments.Moderation;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

public sealed class SameTextTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    [Fact]
    public async Task One_text_under_many_names_is_held_from_the_sixth_time_on()
    {
        var (text, articles) = ($"وقعوا معنا على هذه العريضة فورا {Guid.NewGuid()}", await Task.WhenAll(fixture.Article(), fixture.Article()));
        var statuses = new List<string?>();
        for (var i = 0; i < 7; i++) statuses.Add((await fixture.Post(articles[i % 2], body: i % 2 == 0 ? text : text.Replace("معنا", "مَعَنا", StringComparison.Ordinal))).Text("status"));

        statuses.ShouldBe(["published", "published", "published", "published", "published", "held", "held"]);
        (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={articles[0]}")).Json()).Items().ShouldHaveSingleItem().Items("findings").ShouldHaveSingleItem().ToString()
            .ShouldBe("""{"rule":"repeat","detail":"7 times within an hour","version":1}""");
    }

    [Fact]
    public void What_many_say_is_not_counted_and_what_is_long_ago_is_forgotten()
    {
        var clock = new Turned();
        var texts = new RecentTexts(clock);
        var text = new string('ن', RecentTexts.ShortestText);

        texts.Add("رحمه الله").ShouldBe(0);
        texts.Add("رحمه الله").ShouldBe(0);
        (texts.Add(text), texts.Add(text)).ShouldBe((0, 1));
        clock.Time += TimeSpan.FromMinutes(40);
        texts.Add(text).ShouldBe(2);
        clock.Time += TimeSpan.FromMinutes(90);
        texts.Add(text).ShouldBe(0);
    }

    private sealed class Turned : TimeProvider
    {
        public DateTimeOffset Time { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Time;
    }
}
