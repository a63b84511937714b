using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class ThreeLanguagesFixture : ArticlesFixture
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("PLATFORM_LANGUAGES", "ar,en,fr")];
}

public sealed class TranslateArticleTests(ThreeLanguagesFixture articles) : IClassFixture<ThreeLanguagesFixture>
{
    [Fact]
    public async Task Translations_know_each_other_once_published_and_raise_no_version()
    {
        var arabic = await articles.Published();
        var english = await articles.Draft(new { language = "en", translationOf = arabic.Text("id") });
        var french = await articles.Draft(new { language = "fr", translationOf = english.Text("id") });   // of any of the group
        (await Languages(arabic)).ShouldBeEmpty();

        (await articles.Editor.Move(english, "publish")).Expect(HttpStatusCode.OK);
        (await Languages(arabic)).ShouldBe(["en"]);
        (await articles.Editor.Get(french.Path())).Json!["translations"]!.AsArray().Select(t => t!.Text("language")).ShouldBe(["ar", "en"]);

        (await articles.Editor.Move(french, "publish")).Expect(HttpStatusCode.OK);
        (await Languages(arabic)).ShouldBe(["en", "fr"]);
        (await Languages(english)).ShouldBe(["ar", "fr"]);
        (await Languages(french)).ShouldBe(["ar", "en"]);
        var shown = (await articles.Reader.Get(arabic.Path())).Json!;
        shown.Version().ShouldBe(arabic.Version());
        shown["translations"]![0]!.AsObject().Select(p => p.Key).ShouldBe(["language", "id", "slug"]);
    }

    [Fact]
    public async Task The_pages_of_all_hear_of_a_new_one()
    {
        var arabic = await articles.Published();
        var english = await articles.Draft(new { language = "en", translationOf = arabic.Text("id") });
        await articles.Spy.Hears<TranslationsChanged>(m => m.ArticleId == english.Id() && m.Translations.Contains(arabic.Id()));
        (await articles.Editor.Move(english, "publish")).Expect(HttpStatusCode.OK);
        await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == english.Id() && m.Translations!.Single() == arabic.Id());
    }

    [Fact]
    public async Task A_withdrawn_translation_is_gone_and_none_can_be_made_of_it()
    {
        var arabic = await articles.Published();
        var english = await articles.Published(new { language = "en", translationOf = arabic.Text("id") });
        (await articles.Editor.Move(english, "withdraw", new { reason = "r" })).Expect(HttpStatusCode.OK);
        (await Languages(arabic)).ShouldBeEmpty();
        (await articles.Editor.Send("POST", "/api/articles", articles.Input(new { language = "fr", translationOf = english.Text("id") }))).Refuses(HttpStatusCode.UnprocessableEntity, "article.unknownOriginal");
    }

    [Fact]
    public async Task To_link_an_article_elsewhere_leaves_the_others_together()
    {
        var (one, other) = (await articles.Published(), await articles.Published());
        var french = await articles.Published(new { language = "fr", translationOf = one.Text("id") });
        var english = await articles.Published(new { language = "en", translationOf = one.Text("id") });

        (await articles.Editor.Put(english, Same(english, other.Text("id")))).Expect(HttpStatusCode.OK).Version().ShouldBe(english.Version());

        (await Languages(one)).ShouldBe(["fr"]);
        (await Languages(other)).ShouldBe(["en"]);
        (await Languages(english)).ShouldBe(["ar"]);
        await articles.Spy.Hears<TranslationsChanged>(m => m.ArticleId == english.Id() && m.Translations.Order().SequenceEqual(new[] { one.Id(), other.Id(), french.Id() }.Order()));
        (await articles.Editor.Put(english, Same(english, null))).Expect(HttpStatusCode.OK);   // absent: stays
        (await Languages(english)).ShouldBe(["ar"]);
    }

    [Fact]
    public async Task An_article_taken_out_stands_alone_and_is_not_met_again_by_chance()
    {
        var arabic = await articles.Published();
        var english = await articles.Published(new { language = "en", translationOf = arabic.Text("id") });
        (await articles.Writer.Send("DELETE", english.Path() + "/translation")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Editor.Send("DELETE", english.Path() + "/translation", null, 99)).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        for (var i = 0; i < 2; i++) (await articles.Editor.Send("DELETE", arabic.Path() + "/translation")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Languages(arabic)).ShouldBeEmpty();
        (await Languages(english)).ShouldBeEmpty();

        var french = await articles.Published(new { language = "fr", translationOf = arabic.Text("id") });
        (await Languages(arabic)).ShouldBe(["fr"]);
        (await Languages(english)).ShouldBeEmpty();
        (await articles.Reader.Send("DELETE", french.Path() + "/translation")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Two_translations_at_once_meet_in_one_group()
    {
        var arabic = await articles.Published();
        await Task.WhenAll(new[] { "en", "fr" }.Select(language => articles.Published(new { language, translationOf = arabic.Text("id") })));
        (await Languages(arabic)).Order().ShouldBe(["en", "fr"]);
    }

    [Fact]
    public async Task A_correction_can_link_too()
    {
        var (arabic, english) = (await articles.Published(), await articles.Published(new { language = "en" }));
        (await articles.Editor.Move(english, "correct", new { note = "n", translationOf = arabic.Text("id") })).Expect(HttpStatusCode.OK);
        (await Languages(arabic)).ShouldBe(["en"]);
    }

    [Fact]
    public async Task What_is_no_translation_is_refused()
    {
        var arabic = await articles.Published();
        var hidden = await articles.Draft();
        (await articles.Editor.Put(arabic, articles.Input(new { translationOf = arabic.Text("id") }))).Refuses(HttpStatusCode.UnprocessableEntity, "article.translationOfItself");
        (await articles.Writer.Send("POST", "/api/articles", articles.Input(new { translationOf = arabic.Text("id") }))).Refuses(HttpStatusCode.UnprocessableEntity, "article.sameLanguage");
        (await articles.Writer.Send("POST", "/api/articles", articles.Input(new { language = "en", translationOf = Guid.CreateVersion7() }))).Refuses(HttpStatusCode.UnprocessableEntity, "article.unknownOriginal");
        (await articles.Writer.Send("POST", "/api/articles", articles.Input(new { language = "en", translationOf = hidden.Text("id") }))).Refuses(HttpStatusCode.UnprocessableEntity, "article.unknownOriginal");
        (await articles.Writer.Send("POST", "/api/articles", articles.Input(new { language = "en", translationOf = "x" }))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private JsonObject Same(JsonNode article, string? translationOf) =>
        articles.Input(new { language = article.Text("language"), title = article.Text("title"), body = article.Text("body"), translationOf });

    private async Task<IReadOnlyList<string>> Languages(JsonNode article) =>
        [.. (await articles.Reader.Get(article.Path())).Expect(HttpStatusCode.OK)["translations"]!.AsArray().Select(t => t!.Text("language"))];
}
