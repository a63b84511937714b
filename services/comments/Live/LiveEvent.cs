using System.Text;
using System.Text.Json;
using Platform.ServiceDefaults;

namespace Platform.Comments.Live;

/// <summary>One event as it goes over the wire (server-sent events, WHATWG HTML 9.2), the same bytes for all who hear it.</summary>
/// <param name="At">When the comment became so, in milliseconds since 1970.</param>
public sealed record LiveEvent(Guid CommentId, long At, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A comment line: keeps proxies from giving the connection up, and finds out who is gone.</summary>
    public static readonly LiveEvent Beat = new(Guid.Empty, 0, ": \n\n"u8.ToArray());

    /// <summary>Where a stream begins; browsers remember the id although the event is none, and try again after three seconds.</summary>
    public static ReadOnlyMemory<byte> Opening(LivePosition position) => Encoding.UTF8.GetBytes($"retry: 3000\nid: {position}\n\n");

    /// <summary>What a comment's state means to somebody who knows the thread as it was; null where he sees nothing of it.</summary>
    /// <param name="seen">Whether readers see it: published, and all over it too.</param>
    /// <param name="known">What was published later than this is new to him.</param>
    public static string? Kind(Comment comment, bool seen, DateTimeOffset known) =>
        comment.ToldAt is null ? null : !comment.IsPublished ? "removed" : !seen ? null : comment.PublishedAt > known ? "published" : "edited";

    /// <param name="kind">See <see cref="Kind"/>; of what is removed no more is told than which comment it was.</param>
    /// <param name="position">Where the stream stands with it.</param>
    public static LiveEvent Of(Comment comment, string kind, LivePosition position)
    {
        var shown = new CommentView(kind == "removed" ? comment with { Name = "", Body = "", Status = CommentStatus.Deleted } : comment);
        return new(comment.Id, comment.ToldAt!.Value.ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes($"id: {position}\nevent: {kind}\ndata: {JsonSerializer.Serialize(shown, StrictJson.Options)}\n\n"));
    }
}
