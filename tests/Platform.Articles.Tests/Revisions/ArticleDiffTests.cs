using System.Text.Json;
using Platform.Articles.Revisions;
using Platform.Articles.Tests.Domain;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Revisions;

public sealed class ArticleDiffTests
{
    private static readonly Article Article = ArticleTests.In(ArticleStatus.Draft);

    [Fact]
    public void Nothing_differs_from_itself() => ArticleDiff.Between(Article, Article with { Version = 7, UpdatedAt = ArticleTests.Now.AddDays(1), CommentCount = 3 }).ShouldBeEmpty();

    [Fact]
    public void Fields_are_named_and_shown_as_in_the_contract()
    {
        var after = Article with
        {
            Slug = "b",
            Status = ArticleStatus.Scheduled,
            PublishAt = ArticleTests.Now,
            Content = Article.Content with { Title = "آخر", Kicker = "k", Categories = ["two"], Dateline = new Dateline("بغداد"), Breaking = true, Body = "<p>a b</p>", Text = "a b" },
        };
        Json(ArticleDiff.Between(Article, after)).ShouldBe("""
            [{"field":"status","before":"draft","after":"scheduled"},{"field":"title","before":"عنوان","after":"آخر"},{"field":"kicker","before":null,"after":"k"},
            {"field":"dateline","before":{"place":null,"source":null},"after":{"place":"بغداد","source":null}},{"field":"body","changes":[{"op":"equal","text":"a"},{"op":"insert","text":" b"}]},
            {"field":"categories","before":["one","two"],"after":["two"]},{"field":"breaking","before":false,"after":true},{"field":"slug","before":"عنوان","after":"b"},
            {"field":"publishAt","before":null,"after":"2026-01-15T08:00:00.000Z"}]
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public void A_change_of_markup_alone_is_shown_in_the_markup() =>
        ArticleDiff.Between(Article, Article with { Content = Article.Content with { Body = "<p><b>a</b></p>" } }).ShouldHaveSingleItem().ShouldBeOfType<BodyChange>().Changes.Select(c => (c.Op, c.Text))
            .ShouldBe([(DiffOp.Equal, "<p>"), (DiffOp.Insert, "<b>"), (DiffOp.Equal, "a"), (DiffOp.Insert, "</b>"), (DiffOp.Equal, "</p>")]);

    [Fact]
    public void Of_the_first_version_everything_is_new() =>
        ArticleDiff.Between(null, Article).Select(c => c.Field).ShouldBe(["status", "language", "title", "summary", "dateline", "body", "categories", "tags", "authors", "breaking", "commentsOpen", "slug"]);

    private static string Json(IReadOnlyList<FieldChange> changes) => JsonSerializer.Serialize(changes, StrictJson.Options);
}
