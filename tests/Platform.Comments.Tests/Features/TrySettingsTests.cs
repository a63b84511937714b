using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class TrySettingsTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private const string Path = "/api/moderation/settings/trial";
    private readonly HttpClient _moderator = fixture.Client(Roles.Moderator);

    private async Task<Dictionary<string, object>> Settings() =>
        JsonSerializer.Deserialize<Dictionary<string, object>>((await (await _moderator.Get("/api/moderation/settings")).Json()).ToString())!;

    private async Task<Guid> Start(Action<Dictionary<string, object>> change, string query = "")
    {
        var body = await Settings();
        change(body);
        return (await (await _moderator.PostAsJsonAsync(Path + query, body)).Json(HttpStatusCode.Accepted)).Id();
    }

    private async Task<JsonElement> Reaches(Guid trial, string phase)
    {
        await Eventually.True(async () => (await (await _moderator.Get($"{Path}/{trial}")).Json()).Text("phase") == phase, $"the trial to be {phase}");
        return await (await _moderator.Get($"{Path}/{trial}")).Json();
    }

    private Task<HttpResponseMessage> Do(Guid trial, string what) => _moderator.PostAsync(new Uri($"{Path}/{trial}/{what}", UriKind.Relative), null);

    private static string Word() => "كلمة" + string.Concat(Guid.NewGuid().ToString("N").Where(char.IsAsciiLetter));

    [Fact]
    public async Task It_shows_who_would_have_written_too_soon()
    {
        var (article, email) = (await fixture.Article(), CommentsFixture.NewEmail());
        await fixture.Post(article, email: email);
        Guid[] soon = [(await fixture.Post(article, email: email.ToUpperInvariant())).Id(), (await fixture.Post(article, email: email)).Id()];
        var alone = await fixture.Post(article);

        var changes = (await Reaches(await Start(s => s["minSecondsBetween"] = 3600), "done")).Items("changes").ToDictionary(c => c.Id(), c => c.Text("would"));

        soon.ShouldAllBe(id => changes[id] == "rejected");
        changes.ShouldNotContainKey(alone.Id());
    }

    [Fact]
    public async Task It_shows_what_would_change_which_can_be_applied_and_undone()
    {
        var article = await fixture.Article();
        var word = Word();
        var (one, other, decided) = (await fixture.Post(article, body: $"هذه {word} هنا"), await fixture.Post(article), await fixture.Post(article, body: $"و{word} أيضا"));
        await fixture.Decide("approve", decided.Id());
        var before = await Settings();

        var trial = await Start(s => s["bannedWords"] = new[] { word });
        var done = await Reaches(trial, "done");

        done.Items("changes").ShouldHaveSingleItem().ToString().ShouldBe($$"""{"id":"{{one.Id()}}","was":"published","would":"rejected"}""");
        (done.GetProperty("done").GetInt64(), done.GetProperty("changed").GetInt64(), done.Text("next")).ShouldBe((done.GetProperty("total").GetInt64(), 1, null));
        done.GetProperty("total").GetInt64().ShouldBeGreaterThanOrEqualTo(3);
        (await fixture.List(article)).Total().ShouldBe(3);
        JsonSerializer.Serialize(await Settings()).ShouldBe(JsonSerializer.Serialize(before));

        ((int)(await Do(trial, "apply")).StatusCode).ShouldBeOneOf(200, 202);
        await Reaches(trial, "applied");
        (await fixture.List(article)).Ids().ShouldBe([decided.Id(), other.Id()]);
        (await Settings())["bannedWords"].ToString().ShouldBe($"""["{word}"]""");
        await (await fixture.TryPost(article, new { name = "a", email = "a@b.co", body = word })).Problem(422, "comment.bannedWord");
        (await Do(trial, "apply")).StatusCode.ShouldBe(HttpStatusCode.OK);

        ((int)(await Do(trial, "undo")).StatusCode).ShouldBeOneOf(200, 202);
        await Reaches(trial, "undone");
        (await fixture.List(article)).Total().ShouldBe(3);
        JsonSerializer.Serialize(await Settings()).ShouldBe(JsonSerializer.Serialize(before));
        (await Do(trial, "undo")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await Do(trial, "apply")).Problem(422, "trial.wrongPhase");
        (await (await _moderator.Get($"/api/moderation/log?subject={trial}")).Json()).Items().Select(l => l.Text("action")).ShouldBe(["trialUndone", "trialApplied", "trialStarted"]);
    }

    [Fact]
    public async Task What_others_have_touched_since_stays()
    {
        var article = await fixture.Article();
        var word = Word();
        var (early, late) = (await fixture.Post(article, body: word + " أولا"), await fixture.Post(article, body: word + " ثانيا"));
        var trial = await Start(s => s["suspectWords"] = new[] { word });
        (await Reaches(trial, "done")).Items("changes").Length.ShouldBe(2);
        await fixture.Decide("approve", early.Id());

        await Do(trial, "apply");
        await Reaches(trial, "applied");
        (await fixture.List(article)).Ids().ShouldBe([early.Id()]);
        await fixture.Decide("spam", late.Id());
        await Do(trial, "undo");
        await Reaches(trial, "undone");

        (await fixture.List(article)).Ids().ShouldBe([early.Id()]);
        (await Settings())["suspectWords"].ToString().ShouldBe("[]");
    }

    [Fact]
    public async Task Settings_that_were_changed_since_are_not_overwritten()
    {
        var trial = await Start(s => s["maxLinks"] = 9);
        await Reaches(trial, "done");
        await fixture.Set(s => s);

        await (await Do(trial, "apply")).Problem(409, "trial.settingsChanged");
        (await Settings())["maxLinks"].ToString().ShouldBe("2");
    }

    [Fact]
    public async Task Only_the_days_asked_for_are_looked_at()
    {
        var article = await fixture.Article();
        var word = Word();
        var old = await fixture.Post(article, body: word + " قديم");
        using var later = fixture.Later(TimeSpan.FromDays(30));
        var young = await fixture.Post(article, body: word + " جديد");

        (await Reaches(await Start(s => s["bannedWords"] = new[] { word }, "?days=29"), "done")).Items("changes").Select(c => c.Id()).ShouldBe([young.Id()]);
        (await Reaches(await Start(s => s["bannedWords"] = new[] { word }, "?days=31"), "done")).Items("changes").Select(c => c.Id()).ShouldBe([old.Id(), young.Id()]);
    }

    [Fact]
    public async Task The_counts_of_a_thread_are_right_after_it()
    {
        var article = await fixture.Article();
        var word = Word();
        var parent = await fixture.Post(article, body: word);
        await fixture.Post(article, parent.Id());
        var trial = await Start(s => s["suspectWords"] = new[] { word });
        await Reaches(trial, "done");

        await Do(trial, "apply");
        await Reaches(trial, "applied");
        (await fixture.List(article)).Total().ShouldBe(0);
        await Do(trial, "undo");
        await Reaches(trial, "undone");
        (await fixture.List(article)).Total().ShouldBe(2);
    }

    [Theory]
    [InlineData("?days=0")]
    [InlineData("?days=91")]
    [InlineData("?days=x")]
    [InlineData("?weeks=1")]
    public async Task A_bad_question_is_a_400(string query) => await (await _moderator.PostAsJsonAsync(Path + query, await Settings())).Problem(400);

    [Fact]
    public async Task What_is_wrong_in_the_settings_is_named()
    {
        var body = await Settings();
        body["maxLinks"] = -1;
        (await (await _moderator.PostAsJsonAsync(Path, body)).Problem(400)).GetProperty("errors").TryGetProperty("maxLinks", out _).ShouldBeTrue();
        await (await _moderator.Get($"{Path}/{Guid.CreateVersion7()}")).Problem(404, "trial.notFound");
        await (await Do(Guid.CreateVersion7(), "apply")).Problem(404, "trial.notFound");
    }
}

/// <summary>Trials over a service that is stopped at any moment.</summary>
public sealed class InterruptedTrialTests
{
    [Fact]
    public async Task A_trial_goes_on_where_a_crash_has_left_it()
    {
        await using var fixture = new CommentsFixture();
        await fixture.InitializeAsync();
        var article = await fixture.Article();
        for (var i = 0; i < 12; i++) await fixture.Post(article, body: $"مشبوه {i}");
        var settings = await fixture.Services.GetRequired<SettingsStore>().Read(default);
        var store = fixture.Services.GetRequired<TrialStore>();
        var now = fixture.Now.AddSeconds(1);
        // As a crash in the middle of a page has left it: changes are there of comments that it has not written down as looked at.
        var trial = new Comments.Trials.Trial
        {
            Id = Guid.CreateVersion7(),
            Version = 1,
            Phase = Comments.Trials.TrialPhase.Running,
            Settings = settings with { SuspectWords = ["مشبوه"] },
            Before = settings,
            From = now.AddDays(-1),
            AfterAt = now.AddDays(-1),
            To = now,
            By = Guid.CreateVersion7(),
            ByName = "x",
            Total = 12,
            ExpiresAt = now.AddDays(1),
        };
        var thread = (await fixture.Threads.Find(article, default))!;
        var some = await fixture.Comments.List(article, CommentSort.Oldest, Position.BeforeOldest, 5, default);
        await store.Put([.. some.Select(c => Comments.Trials.TrialChange.Of(trial, c, thread, known: true)!)], default);
        await store.Insert(trial, ActionTaken.Of(CurrentUser.Anonymous, ModerationAction.TrialStarted, trial.Id, now), default);
        await fixture.StopService();

        await fixture.StartService();
        var moderator = fixture.Client(Roles.Moderator);
        async Task<JsonElement> Now() => await (await moderator.Get($"/api/moderation/settings/trial/{trial.Id}")).Json();
        await Eventually.True(async () => (await Now()).Text("phase") == "done", "the trial to be done");

        var done = await Now();
        (done.GetProperty("changed").GetInt64(), done.Items("changes").Select(c => c.Id()).Distinct().Count(), done.Items("changes").Length).ShouldBe((12, 12, 12));
    }
}

internal static class ServiceLookup
{
    public static T GetRequired<T>(this IServiceProvider services) where T : notnull => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<T>(services);
}
