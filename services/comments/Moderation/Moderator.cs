using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation;

/// <summary>Gathers what the rules look at, and asks them.</summary>
public sealed class Moderator(CommentStore comments, TurnStore turns, SettingsStore settings, TimeProvider clock)
{
    public async Task<Judgement> JudgeNew(Comment comment, Thread thread, CancellationToken ct)
    {
        var current = await settings.ReadRecent(ct);
        if (comment.Staff) return ModerationRules.ForStaff.Judge(new(comment, thread, current, Known: true, PreviousAt: null, clock.Now()));
        // A closed thread or a banned word takes no turn.
        var (_, _, refusal) = ModerationRules.ForGuests.Judge(new(comment, thread, current, Known: true, PreviousAt: null, clock.Now()));
        if (refusal is not null) return new(CommentStatus.Rejected, [], refusal);
        var known = IsKnown(comment, current, ct);
        var previous = current.MinSecondsBetween == 0 ? null : await turns.Take(comment.Author!, TimeSpan.FromSeconds(current.MinSecondsBetween), clock.Now(), ct);
        return ModerationRules.ForGuests.Judge(new(comment, thread, current, await known, previous, clock.Now()));
    }

    public async Task<Judgement> JudgeEdit(Comment comment, Thread thread, CancellationToken ct)
    {
        var current = await settings.ReadRecent(ct);
        return comment.Staff ? new(CommentStatus.Published, [], null)
            : ModerationRules.ForEdits.Judge(new(comment, thread, current, await IsKnown(comment, current, ct), PreviousAt: null, clock.Now()));
    }

    /// <summary>Asked of the store only where a rule needs it.</summary>
    private async Task<bool> IsKnown(Comment comment, ModerationSettings current, CancellationToken ct) =>
        current.Mode != ModerationMode.NewCommenters || await comments.IsKnown(comment.Author!, comment.Id, ct);
}
