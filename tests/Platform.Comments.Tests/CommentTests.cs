using Platform.Comments.Moderation;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests;

public sealed class CommentTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static Comment New(CommentStatus status = CommentStatus.Published, string body = "text") => new()
    {
        Id = Guid.CreateVersion7(),
        Version = 1,
        ArticleId = Guid.CreateVersion7(),
        Under = Guid.CreateVersion7(),
        Name = "Ana",
        Body = body,
        Status = status,
        CreatedAt = Now,
        ChangedAt = Now,
        Staff = false,
        Email = [1, 2, 3],
        Author = [4, 5, 6],
        RepeatKey = [7, 8, 9],
        NotifyReplies = true,
    };

    private static Judgement Judged(CommentStatus status, params Finding[] findings) => new(status, findings, null);

    [Fact]
    public void A_new_published_comment_is_told()
    {
        var comment = New();

        var told = Comment.Events(null, comment).ShouldHaveSingleItem().ShouldBeOfType<CommentPublished>();

        (told.CommentId, told.Version, told.ArticleId, told.Name, told.Body, told.Staff, told.CreatedAt).ShouldBe((comment.Id, 1, comment.ArticleId, "Ana", "text", false, Now));
    }

    [Theory]
    [InlineData(CommentStatus.Held)]
    [InlineData(CommentStatus.Spam)]
    [InlineData(CommentStatus.Rejected)]
    public void Of_what_readers_cannot_see_no_more_is_told_than_that_it_waits(CommentStatus status)
    {
        Comment.Events(null, New(status)).ShouldAllBe(e => e is CommentHeld);
        Comment.Events(New(status), New(status, "other")).ShouldBeEmpty();
        Comment.Events(New(status), New(status).Delete(Now)).ShouldBeEmpty();
    }

    [Fact]
    public void Coming_into_sight_going_out_of_it_and_changing_are_told()
    {
        var held = New(CommentStatus.Held);
        var published = held.Decide(CommentStatus.Published, Guid.CreateVersion7(), null, Now);
        var edited = published.Edit("other", [1], Judged(CommentStatus.Published), Now);

        Comment.Events(held, published).ShouldHaveSingleItem().ShouldBeOfType<CommentPublished>().Version.ShouldBe(2);
        Comment.Events(published, edited).ShouldHaveSingleItem().ShouldBeOfType<CommentEdited>().Body.ShouldBe("other");
        Comment.Events(edited, edited.Delete(Now)).ShouldHaveSingleItem().ShouldBeOfType<CommentRemoved>().Version.ShouldBe(4);
        Comment.Events(published, published with { Version = 3 }).ShouldBeEmpty();
    }

    [Fact]
    public void What_waits_for_a_moderator_is_told_once_with_the_rules_that_hold_it()
    {
        var held = New(CommentStatus.Held) with { Findings = [new("links", "3"), new("suspectWord", "x")] };

        var told = Comment.Events(null, held).ShouldHaveSingleItem().ShouldBeOfType<CommentHeld>();

        (told.CommentId, told.Version, told.ArticleId, told.HeldAt).ShouldBe((held.Id, 1, held.ArticleId, Now));
        told.Rules.ShouldBe(["links", "suspectWord"]);
        Comment.Events(held, held.Edit("other", [1], Judged(CommentStatus.Held), Now)).ShouldBeEmpty();
        Comment.Events(New(), New(CommentStatus.Held)).Select(e => e.GetType()).ShouldBe([typeof(CommentRemoved), typeof(CommentHeld)]);
    }

    [Fact]
    public void Deleting_leaves_nothing_of_the_author()
    {
        var deleted = New().Delete(Now);

        (deleted.Status, deleted.Name, deleted.Body, deleted.Email, deleted.Author, deleted.NotifyReplies, deleted.Version).ShouldBe((CommentStatus.Deleted, "", "", null, null, false, 2));
        deleted.RepeatKey.ShouldBe(deleted.Id.ToByteArray());
    }

    [Theory]
    [InlineData(CommentStatus.Published, CommentStatus.Published, CommentStatus.Published)]
    [InlineData(CommentStatus.Published, CommentStatus.Held, CommentStatus.Held)]
    [InlineData(CommentStatus.Held, CommentStatus.Published, CommentStatus.Held)]
    [InlineData(CommentStatus.Rejected, CommentStatus.Published, CommentStatus.Rejected)]
    public void An_edit_publishes_nothing_that_was_not_published(CommentStatus before, CommentStatus judged, CommentStatus after) =>
        New(before).Edit("other", [1], Judged(judged), Now).Status.ShouldBe(after);

    [Theory]
    [InlineData("name")]
    [InlineData("repeat")]
    [InlineData("reported")]
    [InlineData("imported")]
    [InlineData("outside")]
    public void An_edit_takes_away_no_finding_that_it_does_not_answer(string rule)
    {
        var held = New(CommentStatus.Held) with { Findings = [new("newCommenter", "old"), new("suspectWord", "x"), new(rule, "why")] };

        var edited = held.Edit("other", [1], Judged(CommentStatus.Held, new Finding("newCommenter", "new")), Now);

        edited.Findings.ShouldBe([new("newCommenter", "new"), new(rule, "why")]);
        edited.WaitsForProof.ShouldBeFalse();
    }

    [Fact]
    public void The_proof_publishes_what_nothing_else_holds_by_now()
    {
        var held = New(CommentStatus.Held) with { Findings = [new("newCommenter", "x")] };

        held.Promote(Judged(CommentStatus.Published), Now).Status.ShouldBe(CommentStatus.Published);
        var banned = held.Promote(Judged(CommentStatus.Rejected, new Finding("ban", "comment.banned")), Now);
        (banned.Status, banned.Version, banned.WaitsForProof).ShouldBe((CommentStatus.Held, 2, false));
        banned.Findings.Select(f => f.Rule).ShouldBe(["newCommenter", "ban"]);
    }

    [Theory]
    [InlineData(15, 899_999, true)]
    [InlineData(15, 900_000, false)]
    [InlineData(0, 0, false)]
    public void The_window_to_edit_closes_to_the_moment(int minutes, int afterMilliseconds, bool open)
    {
        var check = () => New().CheckEditWindow(minutes, Now.AddMilliseconds(afterMilliseconds));

        if (open) check.ShouldNotThrow();
        else check.ShouldThrow<Problem>().Code.ShouldBe("comment.editWindowOver");
    }

    [Theory]
    [InlineData(true, null, 0, 1000, true)]
    [InlineData(true, null, 7, 6, true)]
    [InlineData(true, null, 7, 7, false)]
    [InlineData(false, null, 0, 0, false)]
    [InlineData(false, true, 7, 8, true)]
    [InlineData(true, false, 0, 0, false)]
    public void A_thread_is_open_by_the_moderators_word_else_by_the_rules(bool commentsOpen, bool? moderator, int closeAfterDays, int ageInDays, bool open)
    {
        var thread = new Thread { Id = Guid.CreateVersion7(), Article = new(1, "ar", "t", "u", commentsOpen, Now, Withdrawn: false), Override = moderator };

        thread.IsOpen(new ModerationSettings { CloseAfterDays = closeAfterDays }, Now.AddDays(ageInDays)).ShouldBe(open);
        (thread with { Article = thread.Article with { Withdrawn = true } }).IsOpen(new ModerationSettings(), Now).ShouldBeFalse();
    }
}
