using System.Net;
using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation;

/// <summary>Gathers what the rules look at, and asks them.</summary>
public sealed class Moderator(CommentStore comments, TurnStore turns, SettingsStore settings, BanStore bans, StaffNameStore staff, People.GuestStore guests, Guests people, SpamStore spam, OutsideScorer scorer, RecentTexts texts, TimeProvider clock)
{
    /// <param name="from">Where it is written from.</param>
    public async Task<Judgement> JudgeNew(Comment comment, Thread thread, IPAddress from, CancellationToken ct)
    {
        var submission = await Gather(comment, thread, from, ct);
        if (comment.Staff) return ModerationRules.ForStaff.Judge(submission);
        // What is refused anyhow takes no turn.
        if (ModerationRules.Refusing.Judge(submission) is { Refusal: not null } refused) return refused;
        var current = submission.Settings;
        var (known, outside) = (IsKnown(submission, ct), scorer.Ask(comment, thread.Article.Language, ct));
        var previous = current.MinSecondsBetween == 0 ? null : await turns.Take(submission.Authors, TimeSpan.FromSeconds(current.MinSecondsBetween), submission.Now, ct);
        return ModerationRules.Holding.Judge(submission with { Known = await known, Outside = await outside, SameTexts = texts.Add(comment.Body), PreviousAt = previous, Now = clock.Now() });
    }

    /// <inheritdoc cref="JudgeNew"/>
    public async Task<Judgement> JudgeEdit(Comment comment, Thread thread, IPAddress from, CancellationToken ct)
    {
        if (comment.Staff) return new(CommentStatus.Published, [], null);
        var submission = await Gather(comment, thread, from, ct);
        var (known, outside) = (IsKnown(submission, ct), scorer.Ask(comment, thread.Article.Language, ct));
        return ModerationRules.ForEdits.Judge(submission with { Known = await known, Outside = await outside });
    }

    /// <summary>Judges a comment of which nothing was known but that its guest had not proved his address, now that he has.</summary>
    public async Task<Judgement> JudgeProved(Comment comment, Thread thread, CancellationToken ct) =>
        ModerationRules.ForProved.Judge(await Gather(comment, thread, comment.Origin is { Network.Length: > 0 } origin ? IPNetwork.Parse(origin.Network).BaseAddress : null, ct));

    /// <summary>Settings, bans, names and what the spam filter has learnt are remembered: mostly nothing is asked of the store here.</summary>
    private async Task<Submission> Gather(Comment comment, Thread thread, IPAddress? from, CancellationToken ct)
    {
        var facts = comment.Staff ? ModerationFacts.None : new ModerationFacts(await bans.ReadRecent(ct), await staff.ReadRecent(ct), await spam.ReadRecent(ct));
        var repeat = await comments.IsRepeat(people.OlderRepeatKeys(comment), comment.Id, ct);
        return new(comment, thread, await settings.ReadRecent(ct), Known: true, PreviousAt: null, clock.Now()) { IsRepeat = repeat, Facts = facts, From = from, Authors = people.Authors(comment) };
    }

    /// <summary>Asked of the store only where a rule needs it.</summary>
    private async Task<bool> IsKnown(Submission s, CancellationToken ct) =>
        s.Settings.Mode != ModerationMode.NewCommenters || await comments.IsKnown(s.Authors, s.Comment.Id, ct) || await guests.Find(s.Authors, ct) is { IsProved: true };
}
