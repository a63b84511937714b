using Platform.Comments.Moderation;
using Platform.Comments.Trials;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Trials;

public sealed class TrialTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ModerationSettings Post = new() { Mode = ModerationMode.Post };

    private static Trial Of(ModerationSettings before, ModerationSettings tried) => new()
    {
        Id = Guid.CreateVersion7(),
        Version = 1,
        Phase = TrialPhase.Running,
        Settings = tried,
        Before = before,
        From = Now.AddDays(-90),
        To = Now,
        By = Guid.CreateVersion7(),
        ByName = "x",
        Total = 10,
        ExpiresAt = Now.AddDays(30),
    };

    private static TrialChange? Change(ModerationSettings before, ModerationSettings tried, Comment comment, bool known = true) =>
        TrialChange.Of(Of(before, tried), comment, new Thread { Id = comment.ArticleId, Article = new(1, "ar", "t", "u", CommentsOpen: true, comment.CreatedAt.AddDays(-10), Withdrawn: false) }, known);

    public static TheoryData<string, ModerationSettings, ModerationSettings, CommentStatus, CommentStatus?> Cases => new()
    {
        { "a banned word", Post, Post with { BannedWords = ["text"] }, CommentStatus.Published, CommentStatus.Rejected },
        { "a suspect word", Post, Post with { SuspectWords = ["text"] }, CommentStatus.Published, CommentStatus.Held },
        { "premoderation", Post, Post with { Mode = ModerationMode.Pre }, CommentStatus.Published, CommentStatus.Held },
        { "no premoderation any more", Post with { Mode = ModerationMode.Pre }, Post, CommentStatus.Held, CommentStatus.Published },
        { "closing earlier", Post, Post with { CloseAfterDays = 7 }, CommentStatus.Published, CommentStatus.Rejected },
        { "closing later", Post, Post with { CloseAfterDays = 11 }, CommentStatus.Published, null },
        { "the same settings", Post with { Mode = ModerationMode.Pre }, Post with { Mode = ModerationMode.Pre }, CommentStatus.Published, null },
        { "it is so already", Post, Post with { Mode = ModerationMode.Pre }, CommentStatus.Held, null },
        { "another word", Post, Post with { BannedWords = ["other"] }, CommentStatus.Published, null },
        { "spam", Post, Post with { BannedWords = ["text"] }, CommentStatus.Spam, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_would_change_is_what_both_settings_say_otherwise(string what, ModerationSettings before, ModerationSettings tried, CommentStatus was, CommentStatus? would)
    {
        var change = Change(before, tried, CommentTests.New(was));

        change?.Would.ShouldBe(would!.Value, what);
        (change is null).ShouldBe(would is null, what);
    }

    [Theory]
    [InlineData(0, 30, 10, true)]
    [InlineData(0, 30, 31, false)]
    [InlineData(30, 0, 10, false)]
    [InlineData(30, 60, 10, false)]
    public void The_time_between_comments_is_tried_on_what_was_taken(int before, int tried, int since, bool changes)
    {
        var comment = CommentTests.New();
        var thread = new Thread { Id = comment.ArticleId, Article = new(1, "ar", "t", "u", CommentsOpen: true, comment.CreatedAt, Withdrawn: false) };

        var change = TrialChange.Of(Of(Post with { MinSecondsBetween = before }, Post with { MinSecondsBetween = tried }), comment, thread, known: true, comment.CreatedAt.AddSeconds(-since));

        (change is not null).ShouldBe(changes);
        if (changes) change!.Would.ShouldBe(CommentStatus.Rejected);
    }

    [Fact]
    public void People_decide_and_other_rules_hold_whatever_the_settings()
    {
        var published = CommentTests.New();
        var strict = Post with { BannedWords = ["text"] };

        Change(Post, strict, published).ShouldNotBeNull();
        Change(Post, strict, published with { Staff = true }).ShouldBeNull();
        Change(Post, strict, published.Decide(CommentStatus.Published, Guid.CreateVersion7(), null, Now)).ShouldBeNull();
        var held = CommentTests.New(CommentStatus.Held) with { Findings = [new("premoderation", ""), new("reported", "3")] };
        Change(Post with { Mode = ModerationMode.Pre }, Post, held).ShouldBeNull();
        Change(Post, Post with { Mode = ModerationMode.NewCommenters }, published, known: false)!.Findings.ShouldHaveSingleItem().Rule.ShouldBe("newCommenter");
        Change(Post, Post with { Mode = ModerationMode.NewCommenters }, published, known: true).ShouldBeNull();
    }

    [Fact]
    public void A_comment_is_moved_and_moved_back_only_where_nobody_has_touched_it()
    {
        var comment = CommentTests.New() with { Findings = [new("x", "y")] };
        var change = Change(Post, Post with { SuspectWords = ["text"] }, comment)!;

        var moved = comment.Move(change, Now)!;

        (moved.Status, moved.Version).ShouldBe((CommentStatus.Held, 2));
        moved.Findings.Select(f => f.Rule).ShouldBe(["suspectWord", "x"]);
        var back = moved.MoveBack(change.TrialId, Now)!;
        (back.Status, back.Version, back.Findings, back.Moved).ShouldBe((CommentStatus.Published, 3, comment.Findings, null));
        moved.MoveBack(Guid.CreateVersion7(), Now).ShouldBeNull();
        moved.Decide(CommentStatus.Published, Guid.CreateVersion7(), null, Now).MoveBack(change.TrialId, Now).ShouldBeNull();
        (comment with { Version = 2 }).Move(change, Now).ShouldBeNull();
        moved.Move(change, Now).ShouldBeNull();
    }

    [Fact]
    public void It_goes_through_its_phases_and_no_others()
    {
        var trial = Of(Post, Post with { MaxLinks = 0 });
        trial = trial.Looked(3, 1, new(Now, Guid.AllBitsSet)).Looked(2, 1, null);
        (trial.Phase, trial.Stage, trial.Done, trial.Changed).ShouldBe((TrialPhase.Running, 1, 5, 2));
        Code(() => trial.Apply(Post)).ShouldBe("trial.wrongPhase");
        trial = trial.Looked(1, 0, null);
        (trial.Phase, trial.Done, trial.Total).ShouldBe((TrialPhase.Done, 6, 6));
        Code(() => trial.Undo()).ShouldBe("trial.wrongPhase");
        Code(() => trial.Apply(Post with { Version = 2 })).ShouldBe("trial.settingsChanged");
        trial = trial.Apply(Post).Moved(2, null);
        (trial.Phase, trial.Done, trial.Total).ShouldBe((TrialPhase.Applied, 2, 2));
        trial = trial.Undo().Moved(1, Guid.AllBitsSet).Moved(1, null);
        trial.Phase.ShouldBe(TrialPhase.Undone);
        Code(() => trial.Apply(Post)).ShouldBe("trial.wrongPhase");

        static string Code(Func<object> act) => Should.Throw<Problem>(act).Code;
    }
}
