using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation;

/// <summary>What moderators do that others may want to know of later.</summary>
public enum ModerationAction { Approved, Rejected, MarkedSpam, SettingsChanged, TrialStarted, TrialApplied, TrialUndone, BanAdded, BanLifted, ThreadOpened, ThreadClosed, ThreadLeftToRules, ThreadErased, ThreadExported, PersonExported, PersonErased }

/// <summary>One field of the settings, before and after. Of a list of words: the words taken out, and those put in.</summary>
public sealed record FieldChange(string Field, string Before, string After);

/// <summary>
/// A line of the moderation log: who did what when. It lies in the outbox of what was done, in the same write, and is sent by this service to itself; so nothing that was
/// done is missing from the log, and nothing is in it that was not done; what changes nothing (an export) is written into the log itself, before it begins. Its id is the line's: taken twice, it is one line. The namespace and the names are wire format.
/// </summary>
public sealed record ActionTaken
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The moderator.</summary>
    public required Guid By { get; init; }

    public required string ByName { get; init; }
    public required ModerationAction Action { get; init; }

    /// <summary>The comment, thread (its article), ban, trial or settings that it was done to; of a person the id of the <see cref="People.Guest"/>, which nobody can follow to the address.</summary>
    public required Guid Subject { get; init; }

    public Guid? ArticleId { get; init; }

    /// <summary>Of a comment: what it was before.</summary>
    public CommentStatus? Was { get; init; }

    /// <summary>The moderator's own words.</summary>
    public string? Reason { get; init; }

    /// <summary>Of settings.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>A new line.</summary>
    public static ActionTaken Of(CurrentUser user, ModerationAction action, Guid subject, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), At = now, By = user.Id, ByName = user.Name, Action = action, Subject = subject };
}
