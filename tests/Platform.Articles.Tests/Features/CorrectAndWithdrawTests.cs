using System.Net;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class CorrectAndWithdrawTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task A_correction_changes_what_is_sent_and_tells_readers_why()
    {
        var article = await articles.Published(new { summary = "خلاصة", body = "<p>خطأ</p>" });
        var corrected = (await articles.Editor.Move(article, "correct", new { note = "صُحّح العدد", title = "عنوان صحيح" })).Expect(HttpStatusCode.OK);

        (corrected.Text("title"), corrected.Text("summary"), corrected.Text("body"), corrected.Text("slug"), corrected.Version()).ShouldBe(("عنوان صحيح", "خلاصة", "<p>خطأ</p>", article.Text("slug"), 3));
        corrected["corrections"]!.AsArray().Single()!.Text("note").ShouldBe("صُحّح العدد");
        var message = await articles.Spy.Hears<ArticleCorrected>(m => m.ArticleId == article.Id());
        (message.Version, message.Edition, message.Notify, message.Note).ShouldBe((3, 1, false, "صُحّح العدد"));
        message.Changed.ShouldBe(["title"]);
    }

    [Fact]
    public async Task A_correction_that_notifies_starts_an_edition()
    {
        var article = await articles.Published();
        var corrected = (await articles.Editor.Move(article, "correct", new { note = "n", notify = true, body = "<p>جديد</p>", slug = Text.Slug.From(articles.Word()) })).Expect(HttpStatusCode.OK);
        var message = await articles.Spy.Hears<ArticleCorrected>(m => m.ArticleId == article.Id());
        (message.Edition, message.Notify).ShouldBe((2, true));
        message.Changed.ShouldBe(["body", "slug"]);
        (await articles.Editor.Move(corrected, "correct", new { note = "n2" })).Expect(HttpStatusCode.OK)["corrections"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_correction_needs_a_note_and_a_published_article()
    {
        var article = await articles.Published();
        (await articles.Editor.Move(article, "correct", new { title = "t" })).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Editor.Move(article, "correct", new { note = "n", unknown = 1 })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Editor.Move(article, "correct", new { note = "n", title = "" })).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Editor.Move(await articles.Draft(), "correct", new { note = "n" })).Refuses(HttpStatusCode.UnprocessableEntity, "article.wrongStatus");
        (await articles.Editor.Send("POST", article.Path() + "/correct", new { note = "n" })).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
    }

    [Fact]
    public async Task A_withdrawn_article_is_gone_for_readers_and_stays_for_the_newsroom()
    {
        var article = await articles.Published(by: articles.Writer);
        var slug = "/api/articles/by-slug/" + Uri.EscapeDataString(article.Text("slug"));
        (await articles.Editor.Move(article, "withdraw", new { })).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        var withdrawn = (await articles.Editor.Move(article, "withdraw", new { reason = "خطأ في المصدر" })).Expect(HttpStatusCode.OK);

        withdrawn.Text("status").ShouldBe("withdrawn");
        foreach (var reader in new[] { articles.Reader, articles.Client(Roles.Writer), articles.Client(Roles.Moderator) })
        {
            (await reader.Get(article.Path())).Refuses(HttpStatusCode.Gone, "article.withdrawn");
            (await reader.Get(slug)).Refuses(HttpStatusCode.Gone, "article.withdrawn");
            (await reader.Get(article.Path() + "/related")).Refuses(HttpStatusCode.Gone, "article.withdrawn");
        }
        (await articles.Writer.Get(article.Path())).Expect(HttpStatusCode.OK);
        (await articles.Editor.Get(slug)).Expect(HttpStatusCode.OK);
        var message = await articles.Spy.Hears<ArticleWithdrawn>(m => m.ArticleId == article.Id());
        (message.Version, message.Slug).ShouldBe((3, article.Text("slug")));

        foreach (var final in new[] { "publish", "submit", "return" }) (await articles.Editor.Move(withdrawn, final)).Refuses(HttpStatusCode.UnprocessableEntity, "article.wrongStatus");
        (await articles.Editor.Put(withdrawn, articles.Input())).Refuses(HttpStatusCode.UnprocessableEntity, "article.wrongStatus");
        (await articles.Editor.Send("POST", "/api/articles", articles.Input(new { slug = article.Text("slug") }))).Refuses(HttpStatusCode.Conflict, "article.slugTaken");
    }

    [Fact]
    public async Task What_was_never_public_can_be_deleted_and_its_slug_is_free()
    {
        var draft = (await articles.Editor.Put(await articles.Draft(), articles.Input())).Expect(HttpStatusCode.OK);
        (await articles.Editor.Send("DELETE", draft.Path())).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
        (await articles.Editor.Send("DELETE", draft.Path(), null, 1)).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        (await articles.Client(Roles.Writer).Send("DELETE", draft.Path(), null, 2)).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await articles.Editor.Send("DELETE", draft.Path(), null, 2)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await articles.Editor.Get(draft.Path())).Status.ShouldBe(HttpStatusCode.NotFound);
        (await new RevisionStore(articles.Database.Database).Find(draft.Id(), 1, default)).ShouldBeNull();
        await articles.Draft(new { slug = draft.Text("slug") });
        var published = await articles.Published();
        (await articles.Editor.Send("DELETE", published.Path(), null, 2)).Refuses(HttpStatusCode.UnprocessableEntity, "article.wrongStatus");
    }

    [Fact]
    public async Task A_writer_submits_an_own_draft_and_gets_it_back()
    {
        var draft = await articles.Draft(by: articles.Writer);
        (await articles.Client(Roles.Writer).Move(draft, "submit")).Refuses(HttpStatusCode.NotFound, "article.notFound");
        (await articles.Writer.Send("POST", draft.Path() + "/submit", null)).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
        var submitted = (await articles.Writer.Send("POST", draft.Path() + "/submit", null, 1)).Expect(HttpStatusCode.OK);
        submitted.Text("status").ShouldBe("inReview");
        (await articles.Writer.Move(submitted, "submit")).Refuses(HttpStatusCode.UnprocessableEntity, "article.wrongStatus");
        (await articles.Writer.Move(submitted, "return")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Editor.Send("POST", draft.Path() + "/return", new { reason = "راجع المصدر" })).Expect(HttpStatusCode.OK).Text("status").ShouldBe("draft");
    }
}
