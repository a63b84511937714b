using Microsoft.Extensions.Configuration;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Domain;

public sealed class ArticleTests
{
    internal static readonly DateTimeOffset Now = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);
    private static readonly CurrentUser Writer = User(Roles.Writer), Editor = User(Roles.Editor);
    internal static readonly ArticleContent Content = new()
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

    /// <summary>An article by the given writer.</summary>
    internal static Article In(ArticleStatus status, CurrentUser? by = null)
    {
        var draft = Article.Draft(Guid.CreateVersion7(), Content, "عنوان", by ?? Writer, Now);
        return status switch
        {
            ArticleStatus.Draft => draft,
            ArticleStatus.InReview => draft.Submit(Editor, Now),
            ArticleStatus.Scheduled => draft.Submit(Editor, Now).Publish(Now.AddHours(1), Editor, Now),
            ArticleStatus.Published => draft.Publish(null, Editor, Now),
            _ => draft.Publish(null, Editor, Now).Withdraw("r", Editor, Now),
        };
    }

    /// <summary>Where each change leads; where it may start is in <see cref="WorkflowTests"/>.</summary>
    [Fact]
    public void Each_change_makes_the_next_version_and_says_who_made_it_and_how()
    {
        var later = Now.AddMinutes(1);
        Made(In(ArticleStatus.Draft).Edit(Content with { Title = "آخر" }, null, Editor, later), ArticleStatus.Draft, RevisionAction.Edited, 2);
        Made(In(ArticleStatus.Scheduled).Edit(Content with { Title = "آخر" }, null, Editor, later), ArticleStatus.Scheduled, RevisionAction.Edited, 4);
        Made(In(ArticleStatus.Draft).Submit(Editor, later), ArticleStatus.InReview, RevisionAction.Submitted, 2);
        Made(In(ArticleStatus.InReview).Return("r", Editor, later), ArticleStatus.Draft, RevisionAction.Returned, 3);
        Made(In(ArticleStatus.Scheduled).Return("r", Editor, later), ArticleStatus.Draft, RevisionAction.Returned, 4);
        Made(In(ArticleStatus.InReview).Publish(null, Editor, later), ArticleStatus.Published, RevisionAction.Published, 3);
        Made(In(ArticleStatus.Scheduled).Publish(Now.AddDays(1), Editor, later), ArticleStatus.Scheduled, RevisionAction.Scheduled, 4);
        Made(In(ArticleStatus.Published).Correct(Content, null, "n", notify: false, Editor, later), ArticleStatus.Published, RevisionAction.Corrected, 3);
        Made(In(ArticleStatus.Published).Restore(1, Content, null, Editor, later), ArticleStatus.Published, RevisionAction.Restored, 3);
        Made(In(ArticleStatus.Published).Withdraw("r", Editor, later), ArticleStatus.Withdrawn, RevisionAction.Withdrawn, 3);
        In(ArticleStatus.Draft).Action.ShouldBe(RevisionAction.Created);

        void Made(Article article, ArticleStatus status, RevisionAction action, long version) =>
            (article.Status, article.Action, article.Version, article.UpdatedBy, article.UpdatedByName, article.UpdatedAt).ShouldBe((status, action, version, Editor.Id, Editor.Name, later));
    }

    [Fact]
    public void A_time_between_two_milliseconds_is_not_met_early()
    {
        var scheduled = In(ArticleStatus.Draft).Publish(Now.AddHours(1).AddTicks(1), Editor, Now);
        scheduled.PublishAt.ShouldBe(Now.AddHours(1).AddMilliseconds(1));
        In(ArticleStatus.Draft).Publish(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.FromHours(3)), Editor, Now).PublishAt.ShouldBe(Now.AddHours(1));
    }

    [Fact]
    public void A_writer_who_is_one_no_more_loses_the_own_drafts() =>
        Should.Throw<Problem>(() => In(ArticleStatus.Draft).For(Writer with { Roles = new HashSet<string> { Roles.Moderator } })).Status.ShouldBe(404);

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
        IReadOnlyList<object> Told(Article before, Article after) => ArticleMessages.Between(before, after, new Taxonomy(tree, new Dictionary<string, Author>(), Merges.NoTags), [], settings);
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
