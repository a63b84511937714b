using Microsoft.Extensions.Configuration;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Domain;

public sealed class ArticleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);
    private static readonly CurrentUser Writer = User(Roles.Writer), Editor = User(Roles.Editor), Admin = User(Roles.Admin), Moderator = User(Roles.Moderator), OtherWriter = User(Roles.Writer);
    private static readonly ArticleContent Content = new()
    {
        Language = "ar",
        Title = "عنوان",
        Summary = "",
        Dateline = new Dateline(),
        Body = "<p>a</p>",
        Text = "a",
        Categories = ["one", "two"],
        Tags = [],
        TagKeys = [],
        Authors = [],
        Breaking = false,
        CommentsOpen = true,
    };

    private static Article In(ArticleStatus status) => status switch
    {
        ArticleStatus.Draft => Article.Draft(Guid.CreateVersion7(), Content, "عنوان", Writer, Now),
        ArticleStatus.InReview => In(ArticleStatus.Draft).Submit(Writer, Now),
        ArticleStatus.Scheduled => In(ArticleStatus.InReview).Publish(Now.AddHours(1), Editor, Now),
        ArticleStatus.Published => In(ArticleStatus.Draft).Publish(null, Editor, Now),
        _ => In(ArticleStatus.Published).Withdraw("r", Editor, Now),
    };

    /// <summary>The whole table: what each transition makes of each status; null where it is refused.</summary>
    [Theory]
    [InlineData("submit", "InReview", null, null, null, null)]
    [InlineData("return", null, "Draft", "Draft", null, null)]
    [InlineData("publish", "Published", "Published", "Published", null, null)]
    [InlineData("schedule", "Scheduled", "Scheduled", "Scheduled", null, null)]
    [InlineData("correct", null, null, null, "Published", null)]
    [InlineData("withdraw", null, null, null, "Withdrawn", null)]
    [InlineData("edit", "Draft", "InReview", "Scheduled", "Published", null)]
    public void Transitions(string transition, string? draft, string? inReview, string? scheduled, string? published, string? withdrawn)
    {
        var expected = new[] { draft, inReview, scheduled, published, withdrawn };
        foreach (var status in Enum.GetValues<ArticleStatus>())
        {
            var article = In(status);
            Func<Article> move = transition switch
            {
                "submit" => () => article.Submit(Editor, Now),
                "return" => () => article.Return("r", Editor, Now),
                "publish" => () => article.Publish(null, Editor, Now),
                "schedule" => () => article.Publish(Now.AddDays(1), Editor, Now),
                "correct" => () => article.Correct(Content, null, "n", notify: false, Editor, Now),
                "withdraw" => () => article.Withdraw("r", Editor, Now),
                _ => () => article.Edit(Content with { Title = "آخر" }, null, Editor, Now),
            };
            if (expected[(int)status] is not { } to) Should.Throw<Problem>(move, $"{transition} {status}").Code.ShouldBe("article.wrongStatus");
            else (move().Status.ToString(), move().Version).ShouldBe((to, article.Version + 1), $"{transition} {status}");
        }
    }

    [Fact]
    public void Who_sees_what()
    {
        foreach (var status in Enum.GetValues<ArticleStatus>())
        {
            var article = In(status);
            foreach (var user in new[] { Writer, Editor, Admin }) article.For(user).ShouldBe(article);
            foreach (var user in new[] { CurrentUser.Anonymous, Moderator, OtherWriter })
            {
                if (status == ArticleStatus.Published) article.For(user).ShouldBe(article);
                else Should.Throw<Problem>(() => article.For(user)).Status.ShouldBe(status == ArticleStatus.Withdrawn ? 410 : 404);
            }
        }
    }

    [Fact]
    public void A_writer_who_is_one_no_more_loses_the_own_drafts() =>
        Should.Throw<Problem>(() => In(ArticleStatus.Draft).For(Writer with { Roles = new HashSet<string> { Roles.Moderator } })).Status.ShouldBe(404);

    [Theory]
    [InlineData(ArticleStatus.Draft, true)]
    [InlineData(ArticleStatus.InReview, false)]
    [InlineData(ArticleStatus.Scheduled, false)]
    [InlineData(ArticleStatus.Published, false)]
    public void A_writer_edits_drafts_only(ArticleStatus status, bool may)
    {
        Func<Article> edit = () => In(status).Edit(Content with { Title = "آخر" }, null, Writer, Now);
        if (may) edit().Content.Title.ShouldBe("آخر");
        else Should.Throw<Problem>(edit).Status.ShouldBe(403);
    }

    [Fact]
    public void What_is_scheduled_becomes_public_at_its_time_and_not_before()
    {
        var scheduled = In(ArticleStatus.Scheduled);
        scheduled.PublishIfDue(Now.AddMinutes(59)).ShouldBeNull();
        var published = scheduled.PublishIfDue(Now.AddHours(1))!;
        (published.Status, published.PublishedAt, published.PublishAt, published.Edition, published.UpdatedBy).ShouldBe((ArticleStatus.Published, Now.AddHours(1), null, 1, Editor.Id));
        In(ArticleStatus.Draft).PublishIfDue(Now.AddYears(1)).ShouldBeNull();
    }

    [Fact]
    public void Slugs_that_readers_have_seen_stay_and_others_do_not()
    {
        var draft = In(ArticleStatus.Draft).Edit(Content, "b", Editor, Now);
        draft.Slugs.ShouldBe(["b"]);
        var article = draft.Publish(null, Editor, Now).Edit(Content, "c", Editor, Now).Edit(Content, "b", Editor, Now).Correct(Content, "d", "n", notify: false, Editor, Now);
        article.Slugs.ShouldBe(["c", "b", "d"]);
        article.Withdraw("r", Editor, Now).Slugs.ShouldBe(["c", "b", "d"]);
    }

    [Fact]
    public void What_the_world_is_told_follows_from_both_states()
    {
        var settings = new PlatformSettings(new ConfigurationBuilder().AddInMemoryCollection(TestSettings.Default).Build());
        var tree = CategoryTree.Empty.Add(new Category(Guid.NewGuid(), 1, "two", new() { ["ar"] = "اثنان" }, null, 1)).Item1.Add(new Category(Guid.NewGuid(), 1, "one", new() { ["en"] = "One" }, "two", 1)).Item1;
        IReadOnlyList<object> Told(Article before, Article after) => ArticleMessages.Between(before, after, tree, settings);
        var (draft, published, scheduled) = (In(ArticleStatus.Draft), In(ArticleStatus.Published), In(ArticleStatus.Scheduled));

        Told(draft, draft.Edit(Content with { Title = "b" }, null, Editor, Now)).ShouldBeEmpty();
        Told(draft, draft.Submit(Writer, Now)).ShouldBeEmpty();
        Told(draft, scheduled).ShouldBeEmpty();
        Told(scheduled, scheduled.Return(null, Editor, Now)).ShouldBeEmpty();
        Told(published, published).ShouldBeEmpty();

        var first = Told(scheduled, scheduled.PublishIfDue(Now.AddDays(1))!).ShouldHaveSingleItem().ShouldBeOfType<ArticlePublished>();
        (first.Edition, first.Section, first.PublishedAt).ShouldBe((1, "One", Now.AddDays(1)));
        first.CategoryTree.ShouldBe(["one", "two"]);

        var updated = Told(published, published.Edit(Content with { Categories = ["two"] }, null, Editor, Now)).ShouldHaveSingleItem().ShouldBeOfType<ArticleUpdated>();
        updated.CategoriesLeft.ShouldBe(["one"]);
        updated.Section.ShouldBe("اثنان");

        var corrected = Told(published, published.Correct(Content with { Body = "<p>b</p>", Tags = ["x"] }, null, "n", notify: true, Editor, Now)).ShouldHaveSingleItem().ShouldBeOfType<ArticleCorrected>();
        (corrected.Edition, corrected.Notify, corrected.Note).ShouldBe((2, true, "n"));
        corrected.Changed.ShouldBe(["body", "tags"]);

        Told(published, published.Withdraw("r", Editor, Now)).ShouldHaveSingleItem().ShouldBeOfType<ArticleWithdrawn>().Version.ShouldBe(published.Version + 1);
    }

    private static CurrentUser User(string role) => new(Guid.CreateVersion7(), role, new HashSet<string> { role });
}
