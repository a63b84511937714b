using System.Net;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Journeys.Tests;

/// <summary>As an operator. These stop what the other journeys use, so they run after them, alone.</summary>
[CollectionDefinition(nameof(OperatingJourneys), DisableParallelization = true)]
[Collection(nameof(OperatingJourneys))]
public sealed class OperatingJourneys(PlatformFixture platform)
{
    [Fact]
    public async Task Killed_whole_it_comes_back_with_everything()
    {
        var category = await platform.NewCategory("أخبار عاجلة");
        await platform.Subscribe("survivor@example.org", new { categories = new[] { category } });
        var article = await platform.Publish("خبر قبل الانقطاع", category);

        platform.KillAll();
        await platform.Deploy("up");

        await Readable(article);
        await platform.Publish("خبر بعد الانقطاع", category);
        await platform.MailTo("survivor@example.org", m => m.Subject.Contains("خبر بعد الانقطاع"));
        // The kill may have fallen between the claim and the answer of the SMTP server: then it is shown as uncertain, and never repeated.
        var dispatch = await platform.DispatchOf(article);
        var (matched, sent, uncertain) = (dispatch.GetProperty("matched").GetInt64(), dispatch.GetProperty("sent").GetInt64(), dispatch.GetProperty("uncertain").GetInt64());
        (sent + uncertain).ShouldBe(matched, dispatch.ToString());
        platform.MailsTo("survivor@example.org").Count(m => m.Subject.Contains("خبر قبل الانقطاع")).ShouldBeInRange(uncertain == 0 ? 1 : 0, 1);
    }

    [Fact]
    public async Task Stopped_and_started_it_keeps_every_byte_and_starting_twice_is_harmless()
    {
        var article = await platform.Publish("خبر يبقى", await platform.NewCategory("أرشيف"));

        await platform.Deploy("down");
        await platform.Deploy("up");
        await platform.Deploy("up");

        (await platform.Deploy("status")).ShouldContain("gateway");
        await Readable(article);
    }

    /// <summary>A part that has just started may be too slow for its first reader, who is told to come again.</summary>
    private Task Readable(System.Text.Json.JsonElement article) => Eventually.True(async () => (await platform.Reader.GetAsync(platform.PageOf(article))).StatusCode == HttpStatusCode.OK, "the article's page");
}
