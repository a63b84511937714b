using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Trials;

/// <summary>Where a trial stands. Whoever finds it in an -ing phase goes on with it.</summary>
public enum TrialPhase { Running, Done, Applying, Applied, Undoing, Undone }

/// <summary>Changed settings, tried on past comments: first it is found what would change, then that may be applied, and taken back. Pure.</summary>
public sealed record Trial : IDocument
{
    public const int MaxDays = 90;

    /// <summary>What is looked through, one after the other: all else was decided by people.</summary>
    public static readonly IReadOnlyList<CommentStatus> Stages = [CommentStatus.Published, CommentStatus.Held];

    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required TrialPhase Phase { get; init; }

    /// <summary>The settings tried.</summary>
    public required ModerationSettings Settings { get; init; }

    /// <summary>Those in force when it began: what it compares with, and what undoing brings back.</summary>
    public required ModerationSettings Before { get; init; }

    /// <summary>Comments written between these are looked at.</summary>
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }
    public required Guid By { get; init; }
    public required string ByName { get; init; }

    /// <summary>What was looked at in this phase, of how many.</summary>
    public long Done { get; init; }

    public required long Total { get; init; }

    /// <summary>How many comments would change.</summary>
    public long Changed { get; init; }

    /// <summary>Index into <see cref="Stages"/>, and the comment there, behind which it goes on.</summary>
    public int Stage { get; init; }

    public DateTimeOffset AfterAt { get; init; }

    /// <summary>A comment while it runs, else a change.</summary>
    public Guid AfterId { get; init; }

    /// <summary>It is forgotten then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public bool IsUnderWay => Phase is TrialPhase.Running or TrialPhase.Applying or TrialPhase.Undoing;

    /// <summary>After a page of comments.</summary>
    /// <param name="last">Null where the stage has no more.</param>
    public Trial Looked(int count, int changed, Position? last)
    {
        var next = this with { Version = Version + 1, Done = Done + count, Changed = Changed + changed };
        if (last is { } at) return next with { AfterAt = at.CreatedAt, AfterId = at.Id };
        next = next with { Stage = Stage + 1, AfterAt = From, AfterId = Guid.Empty };
        return next.Stage < Stages.Count ? next : next with { Phase = TrialPhase.Done, Total = next.Done };
    }

    /// <exception cref="Problem">422 <c>trial.wrongPhase</c>; 409 <c>trial.settingsChanged</c>.</exception>
    public Trial Apply(ModerationSettings current)
    {
        if (Phase != TrialPhase.Done) throw WrongPhase("It can be applied once it is done.");
        return current.Version == Before.Version ? Begin(TrialPhase.Applying)
            : throw Problem.Conflict("trial.settingsChanged", "The settings were changed since this trial began; try them again.");
    }

    /// <exception cref="Problem">422 <c>trial.wrongPhase</c>.</exception>
    public Trial Undo() => Phase == TrialPhase.Applied ? Begin(TrialPhase.Undoing) : throw WrongPhase("It can be undone once it is applied.");

    /// <summary>After a page of changes was applied or undone.</summary>
    /// <param name="last">Null where there are no more.</param>
    public Trial Moved(int count, Guid? last)
    {
        var next = this with { Version = Version + 1, Done = Done + count };
        return last is { } id ? next with { AfterId = id } : next with { Phase = Phase == TrialPhase.Applying ? TrialPhase.Applied : TrialPhase.Undone };
    }

    /// <summary>The settings were changed by others in the moment before they could be applied: nothing was.</summary>
    public Trial GiveUp() => this with { Version = Version + 1, Phase = TrialPhase.Done };

    private Trial Begin(TrialPhase phase) => this with { Version = Version + 1, Phase = phase, Done = 0, Total = Changed, AfterId = Guid.Empty };

    private static Problem WrongPhase(string title) => Problem.Rule("trial.wrongPhase", title);
}

/// <summary>What a trial would do to one comment.</summary>
/// <param name="Id">Follows from trial and comment, so that a page that is looked at again changes nothing; in the order of the comments' times.</param>
/// <param name="Version">Of the comment: one that has changed since is left as it is.</param>
/// <param name="Findings">That it would have.</param>
public sealed record TrialChange(Guid Id, Guid TrialId, Guid CommentId, long Version, CommentStatus Was, CommentStatus Would, IReadOnlyList<Finding> Findings, DateTimeOffset ExpiresAt)
{
    /// <summary>
    /// Judges a comment by both settings. Where both say the same, the settings do not matter for it; what people have decided, and what other rules hold, stays.
    /// </summary>
    /// <param name="thread">As it is now; its age is that at the comment's time.</param>
    /// <param name="previous">When the same guest wrote last before it; null where that is not asked, or he had not.</param>
    /// <param name="known">Whether the guest had a published comment before this one.</param>
    /// <returns>Null where nothing would change.</returns>
    public static TrialChange? Of(Trial trial, Comment comment, Thread thread, bool known, DateTimeOffset? previous = null)
    {
        if (comment.Staff || comment.Decision is not null || !Trial.Stages.Contains(comment.Status)) return null;
        var submission = new Submission(comment, thread, trial.Before, known, previous, comment.CreatedAt);
        var (was, would) = (ModerationRules.OfSettings.Judge(submission), ModerationRules.OfSettings.Judge(submission with { Settings = trial.Settings }));
        if (was.Status == would.Status || would.Status == comment.Status) return null;
        Finding[] others = [.. comment.Findings.Where(f => !ModerationRules.OfSettings.Any(r => r.Name == f.Rule))];
        if (would.Status == CommentStatus.Published && others.Length > 0) return null;
        var id = HashedId.Of([.. trial.Id.ToByteArray(), .. comment.Id.ToByteArray()], comment.CreatedAt.ToUnixTimeMilliseconds());
        return new(id, trial.Id, comment.Id, comment.Version, comment.Status, would.Status, [.. would.Findings, .. others], trial.ExpiresAt);
    }
}
