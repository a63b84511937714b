using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class LogTests(TimedFixture articles) : IClassFixture<TimedFixture>
{
    private readonly CurrentUser _editor = new(Guid.CreateVersion7(), "Tester", new HashSet<string> { Roles.Editor });

    private HttpClient Editor => articles.Client(_editor.Id, Roles.Editor);

    [Fact]
    public async Task Who_did_what_when_is_read_by_editors()
    {
        var draft = await articles.Draft(by: articles.Writer);
        articles.Time.Advance(TimeSpan.FromMinutes(1));
        var returned = (await Editor.Move((await articles.Writer.Move(draft, "submit")).Json!, "return", new { reason = "ناقص" })).Expect(HttpStatusCode.OK);

        var log = (await Editor.Get(draft.Path() + "/log")).Expect(HttpStatusCode.OK);

        var items = log["items"]!.AsArray().Select(i => i!).ToArray();
        items.Select(i => (i.Version(), i.Text("action"), (string?)i["note"], i["by"]!.Text("id"))).ShouldBe(
            [(3, "returned", "ناقص", _editor.Id.ToString()), (2, "submitted", null, articles.WriterId.ToString()), (1, "created", null, articles.WriterId.ToString())]);
        items[0].AsObject().Select(p => p.Key).ShouldBe(["at", "by", "action", "subject", "version", "note", "details", "certain"]);
        items[0]["subject"]!.ToJsonString().ShouldContain(draft.Text("id"));
        (items[0].Text("at"), items[0]["by"]!.Text("name"), (bool)items[0]["certain"]!).ShouldBe((returned.Text("updatedAt"), "Tester", true));
        (await articles.Writer.Get(draft.Path() + "/log")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Writer.Get("/api/articles/log")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Reader.Get("/api/articles/log")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Editor.Get($"/api/articles/{Guid.CreateVersion7()}/log")).Refuses(HttpStatusCode.NotFound, "article.notFound");
    }

    [Fact]
    public async Task A_deletion_and_all_that_was_done_before_outlive_the_article()
    {
        var draft = await articles.Draft(new { summary = "سرّ" }, by: articles.Writer);
        var edited = (await Editor.Put(draft, articles.Input())).Expect(HttpStatusCode.OK);
        (await Editor.Send("DELETE", draft.Path(), null, 1)).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        articles.Time.Advance(TimeSpan.FromMinutes(1));
        (await Editor.Send("DELETE", draft.Path(), null, 2)).Status.ShouldBe(HttpStatusCode.NoContent);

        var items = (await Editor.Get(draft.Path() + "/log")).Expect(HttpStatusCode.OK)["items"]!.AsArray().Select(i => i!).ToArray();

        items.Select(i => (i.Text("action"), (long?)i["version"])).ShouldBe([("deleted", null), ("edited", 2), ("created", 1)]);
        (items[0]["subject"]!.Text("name"), items[0]["details"]!.Text("createdBy"), items[0]["details"]!.Text("version"), (bool)items[0]["certain"]!).ShouldBe((edited.Text("title"), articles.WriterId.ToString(), "2", true));
        (await Editor.Get(draft.Path() + "/revisions")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await articles.Services.GetRequiredService<RevisionStore>().Find(draft.Id(), 1, default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_log_of_all_is_filtered_and_paged()
    {
        articles.Time.Advance(TimeSpan.FromDays(2));
        var from = articles.Time.GetUtcNow();
        var someone = articles.Client(_editor.Id, Roles.Editor);
        for (var i = 0; i < 4; i++)
        {
            var draft = await articles.Draft(by: someone);
            var published = (await someone.Move(draft, "publish")).Expect(HttpStatusCode.OK);
            if (i % 2 == 0) articles.Time.Advance(TimeSpan.FromSeconds(1));
            await articles.Editor.Move(published, "withdraw", new { reason = "r" });
        }
        await articles.Draft();
        var slug = Text.Slug.From(articles.Word("قسم"));
        (await someone.Send("POST", "/api/categories", new { slug, names = new { ar = "ق" }, position = 1 })).Status.ShouldBe(HttpStatusCode.Created);
        (await someone.Send("POST", "/api/categories", new { slug, names = new { ar = "ق" }, position = 1 })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await someone.Send("DELETE", "/api/categories/" + Uri.EscapeDataString(slug))).Status.ShouldBe(HttpStatusCode.NoContent);

        var one = await All($"user={_editor.Id}&limit=3");
        one.Count(e => e.Action == "created" && e.Kind == "article").ShouldBe(4);
        one.Count(e => e.Action == "published").ShouldBe(4);
        one.Where(e => e.Kind == "category").Select(e => (e.Action, e.Id)).ShouldBe([("deleted", slug), ("created", slug)], ignoreOrder: true);
        one.Count.ShouldBe(10);
        one.Select(e => e.At).ShouldBeInOrder(SortDirection.Descending);
        (await All($"from={Uri.EscapeDataString(from.ToString("O"))}&action=withdrawn&limit=2")).Count.ShouldBe(4);
        (await All($"from={Uri.EscapeDataString(from.ToString("O"))}&limit=7")).Count.ShouldBe(15);
        (await All($"to={Uri.EscapeDataString(from.ToString("O"))}&user={_editor.Id}")).ShouldBeEmpty();
        (await All("action=nothing")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("user=x")]
    [InlineData("action=")]
    [InlineData("action=a%20b")]
    [InlineData("from=yesterday")]
    [InlineData("limit=0")]
    [InlineData("cursor=x")]
    [InlineData("x=1")]
    public async Task A_question_that_makes_no_sense_is_refused(string query) => (await articles.Editor.Get("/api/articles/log?" + query)).Status.ShouldBe(HttpStatusCode.BadRequest);

    /// <summary>Whatever dies in between: nothing is done without an entry, and what is uncertain says so.</summary>
    [Fact]
    public async Task A_deed_whose_end_was_not_heard_of_is_uncertain()
    {
        var audit = articles.Services.GetRequiredService<Audit>();
        var subject = new AuditSubject("article", Guid.CreateVersion7().ToString(), "عنوان");
        await Should.ThrowAsync<TimeoutException>(() => audit.Around<int>(_editor, "deleted", subject, null, () => throw new TimeoutException(), default));
        await Should.ThrowAsync<Problem>(() => audit.Around<int>(_editor, "deleted", subject, null, () => throw Problem.Stale("article"), default));
        await audit.Record(_editor, "noted", subject, new() { ["why"] = "x" });

        var items = (await Editor.Get($"/api/articles/{subject.Id}/log")).Expect(HttpStatusCode.OK)["items"]!.AsArray();

        items.Select(i => (i!.Text("action"), (bool)i!["certain"]!)).ShouldBe([("noted", true), ("deleted", false)]);
    }

    private async Task<List<(string At, string Action, string Kind, string Id)>> All(string query)
    {
        var all = new List<(string, string, string, string)>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var page = (await Editor.Get($"/api/articles/log?{query}{(cursor is null ? "" : "&cursor=" + cursor)}")).Expect(HttpStatusCode.OK);
            all.AddRange(page["items"]!.AsArray().Select(i => (i!.Text("at"), i!.Text("action"), i!["subject"]!.Text("kind"), i!["subject"]!.Text("id"))));
            next = (string?)page["next"];
        }
        return all;
    }
}
