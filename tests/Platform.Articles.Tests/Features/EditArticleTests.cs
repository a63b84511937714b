using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class EditArticleTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task A_writer_edits_an_own_draft()
    {
        var draft = await articles.Draft(by: articles.Writer);
        var answer = await articles.Writer.Put(draft, articles.Input(new { title = "عنوان آخر " + draft.Text("id"), breaking = true }));
        var edited = answer.Expect(HttpStatusCode.OK);
        (edited.Version(), (bool)edited["breaking"]!, edited.Text("createdBy")).ShouldBe((2, true, articles.WriterId.ToString()));
        answer.Response.Headers.ETag!.Tag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task An_edit_names_the_version_that_it_is_based_on()
    {
        var draft = await articles.Draft();
        (await articles.Editor.Send("PUT", draft.Path(), articles.Input())).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
        (await articles.Editor.Send("PUT", draft.Path(), articles.Input(), 2)).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        (await articles.Editor.Send("PUT", draft.Path(), articles.Input(), null, ("If-Match", "1"))).Refuses(HttpStatusCode.BadRequest, "request.ifMatch");
    }

    [Fact]
    public async Task Of_two_editors_one_is_told_to_read_again()
    {
        var draft = await articles.Draft();
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => articles.Editor.Put(draft, articles.Input())));
            answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
            answers.Count(a => a.Status == HttpStatusCode.PreconditionFailed).ShouldBe(7);
            draft = answers.Single(a => a.Status == HttpStatusCode.OK).Json!;
        }
        draft.Version().ShouldBe(6);
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_makes_no_version()
    {
        var input = articles.Input();
        var draft = (await articles.Editor.Send("POST", "/api/articles", input)).Expect(HttpStatusCode.Created);
        (await articles.Editor.Put(draft, input)).Expect(HttpStatusCode.OK).Version().ShouldBe(1);
    }

    [Fact]
    public async Task What_a_writer_may_not_know_of_does_not_exist()
    {
        var draft = await articles.Draft();
        (await articles.Writer.Get(draft.Path())).Refuses(HttpStatusCode.NotFound, "article.notFound");
        (await articles.Writer.Put(draft, articles.Input())).Refuses(HttpStatusCode.NotFound, "article.notFound");
        (await articles.Writer.Get(draft.Path() + "/related")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await articles.Writer.Get("/api/articles/by-slug/" + Uri.EscapeDataString(draft.Text("slug")))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_a_writer_may_see_but_not_change_is_forbidden()
    {
        var submitted = (await articles.Writer.Move(await articles.Draft(by: articles.Writer), "submit")).Expect(HttpStatusCode.OK);
        (await articles.Writer.Put(submitted, articles.Input())).Refuses(HttpStatusCode.Forbidden, "article.notYours");
        (await articles.Editor.Put(submitted, articles.Input())).Expect(HttpStatusCode.OK).Text("status").ShouldBe("inReview");
        (await articles.Writer.Put(await articles.Published(), articles.Input())).Refuses(HttpStatusCode.Forbidden, "article.notYours");
        (await articles.Writer.Move(await articles.Draft(by: articles.Writer), "publish")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_published_article_keeps_its_old_addresses_for_ever()
    {
        var first = await articles.Published();
        var (one, two) = (first.Text("slug"), Text.Slug.From(articles.Word("ثان")));
        var renamed = (await articles.Editor.Put(first, articles.Input(new { slug = two }))).Expect(HttpStatusCode.OK);

        var redirect = await articles.Reader.Get("/api/articles/by-slug/" + Uri.EscapeDataString(one));
        redirect.Status.ShouldBe(HttpStatusCode.MovedPermanently);
        redirect.Response.Headers.Location!.OriginalString.ShouldBe("http://localhost:8080/api/articles/by-slug/" + Uri.EscapeDataString(two));
        (await articles.Reader.Get("/api/articles/by-slug/" + two)).Expect(HttpStatusCode.OK).Text("id").ShouldBe(first.Text("id"));

        (await articles.Editor.Send("POST", "/api/articles", articles.Input(new { slug = one }))).Refuses(HttpStatusCode.Conflict, "article.slugTaken");
        (await articles.Editor.Put(await articles.Draft(), articles.Input(new { slug = two }))).Refuses(HttpStatusCode.Conflict, "article.slugTaken");

        var back = (await articles.Editor.Put(renamed, articles.Input(new { slug = one }))).Expect(HttpStatusCode.OK);
        back.Text("slug").ShouldBe(one);
        (await articles.Reader.Get("/api/articles/by-slug/" + Uri.EscapeDataString(two))).Response.Headers.Location!.OriginalString.ShouldEndWith(Uri.EscapeDataString(one));
    }

    [Fact]
    public async Task A_slug_is_found_however_it_is_written()
    {
        var slug = "é-ü-محا-" + Guid.NewGuid().ToString("N")[..6];
        await articles.Published(new { slug });
        foreach (var written in new[] { slug, Uri.EscapeDataString(slug), Uri.EscapeDataString(Uri.EscapeDataString(slug)) })
            (await articles.Reader.Get("/api/articles/by-slug/" + written)).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(slug);
        foreach (var nothing in new[] { "no-such", "%25", "%25FF", "%EF%BF%BE", "a%2Fb" }) (await articles.Reader.Get("/api/articles/by-slug/" + nothing)).Status.ShouldBe(HttpStatusCode.NotFound, nothing);
    }

    [Fact]
    public async Task A_draft_takes_its_slug_from_its_title_until_readers_have_seen_it()
    {
        var draft = await articles.Draft(new { title = "مسودة أولى " + Guid.NewGuid().ToString("N")[..6] });
        var title = articles.Word("عنوان نهائي");
        var retitled = (await articles.Editor.Put(draft, articles.Input(new { title }))).Expect(HttpStatusCode.OK);
        retitled.Text("slug").ShouldBe(Text.Slug.From(title));
        await articles.Draft(new { slug = draft.Text("slug") });   // free again: nobody had seen it

        var published = (await articles.Editor.Move(retitled, "publish")).Expect(HttpStatusCode.OK);
        (await articles.Editor.Put(published, articles.Input(new { title = articles.Word() }))).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(retitled.Text("slug"));

        var given = Text.Slug.From(articles.Word());
        (await articles.Editor.Put(await articles.Draft(new { slug = given }), articles.Input())).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(given);
    }

    [Fact]
    public async Task Drafts_that_are_retitled_alike_get_numbered_slugs()
    {
        var title = articles.Word();
        var drafts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => articles.Draft()));
        var slugs = await Task.WhenAll(drafts.Select(async d => (await articles.Editor.Put(d, articles.Input(new { title }))).Expect(HttpStatusCode.OK).Text("slug")));
        slugs.Distinct().Count().ShouldBe(8);
        slugs.ShouldAllBe(s => Text.Slug.IsMadeFrom(s, title));
    }

    [Fact]
    public async Task The_world_hears_of_a_change_of_what_is_public_and_of_nothing_else()
    {
        var (left, stays) = (await articles.NewCategory(), await articles.NewCategory(ar: "اقتصاد"));
        var draft = await articles.Draft(new { categories = new[] { left, stays } });
        var edited = (await articles.Editor.Put(draft, articles.Input(new { categories = new[] { left, stays } }))).Expect(HttpStatusCode.OK);
        var published = (await articles.Editor.Move(edited, "publish")).Expect(HttpStatusCode.OK);
        var updated = (await articles.Editor.Put(published, articles.Input(new { categories = new[] { stays }, title = "عنوان محدّث" }))).Expect(HttpStatusCode.OK);

        var message = await articles.Spy.Hears<ArticleUpdated>(m => m.ArticleId == draft.Id());
        (message.Version, message.Edition, message.Title, message.Section).ShouldBe((4, 1, "عنوان محدّث", "اقتصاد"));
        message.CategoriesLeft.ShouldBe([left]);
        message.Url.ShouldBe(updated.Text("url"));
        articles.Spy.Heard<ArticlePublished>().Count(m => m.ArticleId == draft.Id()).ShouldBe(1);
        articles.Spy.Heard<ArticleUpdated>().Count(m => m.ArticleId == draft.Id()).ShouldBe(1);
    }

    [Fact]
    public async Task Every_version_before_the_last_is_kept()
    {
        var draft = await articles.Draft();
        var second = (await articles.Editor.Put(draft, articles.Input())).Expect(HttpStatusCode.OK);
        var third = (await articles.Editor.Move(second, "publish")).Expect(HttpStatusCode.OK);
        var revisions = new RevisionStore(articles.Database.Database);
        (await revisions.Find(draft.Id(), 1, default))!.Content.Title.ShouldBe(draft.Text("title"));
        (await revisions.Find(draft.Id(), 2, default))!.Content.Title.ShouldBe(second.Text("title"));
        (await revisions.Find(draft.Id(), third.Version(), default)).ShouldBeNull();
    }

    /// <summary>Killed between the revision and the article, nothing is true that was not before, and the next change goes through.</summary>
    [Fact]
    public async Task A_crash_between_revision_and_article_leaves_only_the_harmless_one()
    {
        var draft = await articles.Draft();
        var store = articles.Services.GetRequiredService<ArticleStore>();
        var revisions = new RevisionStore(articles.Database.Database);
        var article = await store.Get(draft.Id(), new CurrentUser(Guid.NewGuid(), "", new HashSet<string> { Roles.Editor }), default);

        await revisions.Keep(article, default);

        (await articles.Editor.Get(draft.Path())).Json!.ToJsonString().ShouldBe(draft.ToJsonString());
        (await articles.Editor.Put(draft, articles.Input())).Expect(HttpStatusCode.OK).Version().ShouldBe(2);
        (await revisions.Find(draft.Id(), 1, default))!.Content.Title.ShouldBe(draft.Text("title"));
    }

    /// <summary>A slug is claimed by the write that uses it, so that one refused claims nothing.</summary>
    [Fact]
    public async Task A_refused_rename_claims_no_slug()
    {
        var (draft, slug) = (await articles.Draft(), Text.Slug.From(articles.Word()));
        (await articles.Editor.Send("PUT", draft.Path(), articles.Input(new { slug }), 7)).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await articles.Draft(new { slug })).Text("slug").ShouldBe(slug);
    }

    [Fact]
    public async Task An_article_can_be_sent_back_as_it_was_read()
    {
        var (category, author) = (await articles.NewCategory(), await articles.NewAuthor());
        var read = await articles.Draft(new { categories = new[] { category }, authors = new[] { author }, kicker = "k", summary = "s", tags = new[] { "t" }, dateline = new { place = "p" }, body = "<p>a</p><table><tr><td>1</td></tr></table>" });
        var back = new JsonObject();
        foreach (var field in new[] { "language", "title", "summary", "kicker", "dateline", "body", "slug", "tags", "breaking", "commentsOpen", "leadImage" }) back[field] = read[field]?.DeepClone();
        foreach (var field in new[] { "categories", "authors" }) back[field] = new JsonArray([.. read[field]!.AsArray().Select(c => (JsonNode)c!.Text("slug"))]);
        (await articles.Editor.Put(read, back)).Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(read.ToJsonString());
    }
}
