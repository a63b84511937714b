using Platform.Comments.Moderation;
using Platform.Comments.Moderation.Rules;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

public sealed class RulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static Submission Submitted(ModerationSettings settings, string body = "text", bool known = true, DateTimeOffset? previous = null, bool open = true) =>
        new(CommentTests.New(CommentStatus.Held, body), new Thread { Id = Guid.CreateVersion7(), Article = new(1, "ar", "t", "u", open, Now, Withdrawn: false) }, settings, known, previous, Now);

    [Theory]
    [InlineData("see https://a.example/b?c=d and http://b.example", 2)]
    [InlineData("www.a.example", 1)]
    [InlineData("buy at cheap-pills.shop/now, or Spam.COM!", 2)]
    [InlineData("https://www.a.com/x.com", 1)]
    [InlineData("well.That is it. e.g. 3.14 at 10.30", 0)]
    [InlineData("no links", 0)]
    public void Links_are_counted_with_and_without_a_scheme(string body, int links)
    {
        TooManyLinks.Judge(Submitted(new ModerationSettings { MaxLinks = links }, body)).Hold.ShouldBeNull();
        if (links > 0) TooManyLinks.Judge(Submitted(new ModerationSettings { MaxLinks = links - 1 }, body)).Hold.ShouldBe($"{links}");
    }

    /// <summary>Far longer than a comment may be: whoever tries a place again for every letter before it runs into the time limit of the pattern.</summary>
    [Theory]
    [InlineData("a.")]
    [InlineData("a-")]
    [InlineData("a.b-")]
    [InlineData("www.")]
    [InlineData("a.co")]
    public void Links_are_counted_in_proportion_to_the_length_of_the_text(string piece) =>
        TooManyLinks.Judge(Submitted(new ModerationSettings { MaxLinks = 100 }, string.Concat(Enumerable.Repeat(piece, 100_000)))).Hold.ShouldBeNull();

    [Theory]
    [InlineData(ModerationMode.Post, false, null)]
    [InlineData(ModerationMode.NewCommenters, true, null)]
    [InlineData(ModerationMode.NewCommenters, false, "newCommenter")]
    [InlineData(ModerationMode.Pre, true, "premoderation")]
    public void The_mode_says_who_waits(ModerationMode mode, bool known, string? heldBy)
    {
        var judgement = ModerationRules.ForGuests.Judge(Submitted(new ModerationSettings { Mode = mode }, known: known));

        judgement.Status.ShouldBe(heldBy is null ? CommentStatus.Published : CommentStatus.Held);
        judgement.Findings.Select(f => f.Rule).ShouldBe(heldBy is null ? [] : [heldBy]);
    }

    [Fact]
    public void Everything_that_holds_is_found()
    {
        var settings = new ModerationSettings { Mode = ModerationMode.Pre, MaxLinks = 0, SuspectWords = ["قمار"] };

        ModerationRules.ForGuests.Judge(Submitted(settings, "القمار في www.a.example")).Findings
            .ShouldBe([new("suspectWord", "قمار") { Version = 3 }, new("links", "1"), new("premoderation", "every comment is read first")]);
    }

    [Fact]
    public void The_first_that_refuses_is_the_answer()
    {
        var settings = new ModerationSettings { BannedWords = ["قمار"], MinSecondsBetween = 60 };

        ModerationRules.ForGuests.Judge(Submitted(settings, "قمار", open: false, previous: Now)).Refusal!.Code.ShouldBe("thread.closed");
        ModerationRules.ForGuests.Judge(Submitted(settings, "قمار", previous: Now)).Refusal!.Code.ShouldBe("comment.bannedWord");
        ModerationRules.ForGuests.Judge(Submitted(settings, previous: Now)).Refusal!.Code.ShouldBe("comment.tooSoon");
    }

    [Theory]
    [InlineData(60, 59.9, false)]
    [InlineData(60, 60, true)]
    [InlineData(0, 0, true)]
    public void One_author_keeps_a_distance(int between, double since, bool passes)
    {
        var verdict = TooSoon.Judge(Submitted(new ModerationSettings { MinSecondsBetween = between }, previous: Now.AddSeconds(-since)));

        (verdict == Verdict.Pass).ShouldBe(passes);
        if (!passes) verdict.Refuse!.RetryAfter!.Value.TotalSeconds.ShouldBe(between - since, 0.001);
    }

    [Fact]
    public void What_is_too_long_or_empty_or_said_again_is_refused()
    {
        var settings = new ModerationSettings();

        // Code points, not UTF-16 units.
        ModerationRules.ForGuests.Judge(Submitted(settings, string.Concat(Enumerable.Repeat("😀 ", 2500)))).Refusal.ShouldBeNull();
        ModerationRules.ForGuests.Judge(Submitted(settings, new string('س', 5001))).Refusal!.Status.ShouldBe(400);
        ModerationRules.ForEdits.Judge(Submitted(settings, "")).Refusal!.Errors!.Keys.ShouldBe(["body"]);
        ModerationRules.ForGuests.Judge(Submitted(settings) with { IsRepeat = true }).Refusal!.Code.ShouldBe("comment.repeat");
        ModerationRules.ForStaff.Judge(Submitted(settings) with { IsRepeat = true }).Refusal.ShouldBeNull();
    }

    [Fact]
    public void The_newsroom_is_never_held_but_a_closed_thread_is_closed_for_it_too()
    {
        var strict = new ModerationSettings { Mode = ModerationMode.Pre, MaxLinks = 0, BannedWords = ["قمار"] };

        ModerationRules.ForStaff.Judge(Submitted(strict, "قمار www.a.example")).Status.ShouldBe(CommentStatus.Published);
        ModerationRules.ForStaff.Judge(Submitted(strict, open: false)).Refusal!.Code.ShouldBe("thread.closed");
    }
}
