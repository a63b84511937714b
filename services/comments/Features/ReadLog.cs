using System.Globalization;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Moderators read who did what when.</summary>
public static class ReadLog
{
    /// <summary>Who did something.</summary>
    public sealed record ActorView(Guid Id, string Name);

    /// <param name="Subject">Id of the comment, article (of a thread), ban, trial or settings; of a person one that follows from the address, and from which nobody can follow it.</param>
    /// <param name="Was">Of a comment: its status before.</param>
    /// <param name="Reason">The moderator's own words, or null.</param>
    /// <param name="Changes">Of settings: each field that was changed; of a list of words what was taken out and what was put in.</param>
    public sealed record LogLine(Guid Id, DateTimeOffset At, ActorView By, ModerationAction Action, Guid Subject, Guid? ArticleId, CommentStatus? Was, string? Reason, IReadOnlyList<FieldChange> Changes)
    {
        internal static LogLine From(ActionTaken a) => new(a.Id, a.At, new(a.By, a.ByName), a.Action, a.Subject, a.ArticleId, a.Was, a.Reason, a.Changes);
    }

    /// <summary>The log, newest first. A line is there within moments of the deed.</summary>
    /// <param name="subject">Only what was done to this comment, thread, ban or trial.</param>
    /// <param name="by">Only what this moderator did.</param>
    public static async Task<Page<LogLine>> Handle(Guid? subject, Guid? by, PageRequest page, LogStore log, Cursors cursors, CancellationToken ct)
    {
        var position = page.Cursor is { } cursor ? Read(cursor) : Position.AfterNewest;
        return page.Cut(await log.List(subject, by, position, page.Limit + 1, ct), cursors,
            l => ["log", l.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), l.Id.ToString()], LogLine.From);
    }

    private static Position Read(IReadOnlyList<string> cursor) => cursor is ["log", var at, var id]
        ? new Position(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), Guid.Parse(id))
        : throw Cursors.Foreign();
}
