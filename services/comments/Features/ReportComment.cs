using System.Globalization;
using Platform.Comments.Counting;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>COMMENTS_REPORTS_HOLD: so many readers' reports take a comment from readers until a moderator has looked; 0 is never, 3 where it is not set.</summary>
public sealed class ReportSettings(IConfiguration configuration)
{
    public int Hold { get; } = configuration["COMMENTS_REPORTS_HOLD"] is not { Length: > 0 } text ? 3
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new SettingException("COMMENTS_REPORTS_HOLD must be a whole number of reports; 0 is never.");
}

/// <summary>A reader tells moderators of a comment.</summary>
public static class ReportComment
{
    public const int MaxNote = 500;

    /// <summary>From one network and in one hour. Whoever sends more is not heard: a flood would bury moderators, and take from readers what it likes.</summary>
    public const int MaxPerHour = 100;

    /// <param name="Note">At most 500 characters; for moderators.</param>
    public sealed record ReportCommentRequest(ReportReason Reason, string? Note = null);

    /// <summary>
    /// Once for each reader (see <see cref="Readers"/>). Enough of them hold the comment (<see cref="ReportSettings"/>), unless the newsroom wrote it or a moderator has approved this very text:
    /// then they are shown to moderators, and nothing else happens.
    /// </summary>
    /// <returns>202; 400; 404 for what readers do not see.</returns>
    public static async Task<IResult> Handle(Guid id, ReportCommentRequest request, HttpContext http, Readers readers, CommentStore comments, ThreadStore threads, ReportStore reports, FloodStore floods,
        ReportSettings settings, ReportCounter reported, ThreadCounter counter, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors().Check(Enum.IsDefined(request.Reason), "reason", "spam, abuse, illegal or other.");
        var note = errors.OptionalText(PlainText.Lines(request.Note), MaxNote, "note");
        errors.ThrowIfAny();
        if (await GetComment.Find(id, comments, threads, ct) is null) throw Problem.NotFound("comment");
        var reader = readers.Of(http);
        if (await floods.Count("report", ClientAddress.Network(ClientAddress.Of(http)), clock.Now(), ct) > MaxPerHour) return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        await reports.Add(id, reader, request.Reason, note, clock.Now(), ct);
        while (await reported.Count(id) is { IsPublished: true, IsApproved: false, Staff: false } comment
            && settings.Hold > 0 && comment.Reports.Open >= settings.Hold)
        {
            var why = new Finding("reported", comment.Reports.Open.ToString(CultureInfo.InvariantCulture));
            if (await counter.Save(comment, comment.Hold(why, clock.Now()))) break;
        }
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
