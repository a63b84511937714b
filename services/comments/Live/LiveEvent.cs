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

    /// <summary>So many replies are told of with a comment that goes, or comes back, and takes them along.</summary>
    public const int MostBeneath = 100;

    /// <summary>Whether what stands under the comment goes with it from readers, or comes back.</summary>
    public static bool TakesAlong(Comment comment, string kind) => kind == "removed" || (kind == "published" && comment.Version > 1);

    /// <summary>One comment's event, and then those of what it takes along. Who loses the stream within them is told all of them again: only the last one's id says that they were told.</summary>
    /// <param name="kind">See <see cref="Kind"/>; of what is removed no more is told than which comment it was.</param>
    /// <param name="beneath">See <see cref="TakesAlong"/>, each with whether readers see it.</param>
    /// <param name="before">Where the stream stood before it.</param>
    /// <param name="position">Where the stream stands with it.</param>
    public static LiveEvent Of(Comment comment, string kind, IReadOnlyList<(Comment Comment, bool Seen)> beneath, LivePosition before, LivePosition position)
    {
        Comment[] all = [comment, .. beneath.Where(b => kind == "removed" || b.Seen).Select(b => b.Comment)];
        return new(comment.Id, comment.ToldAt!.Value.ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes(string.Concat(all.Select((c, i) => Text(c, kind, i == all.Length - 1 ? position : before)))));
    }

    private static string Text(Comment comment, string kind, LivePosition position)
    {
        var shown = new CommentView(kind == "removed" ? comment with { Name = "", Body = "", Status = CommentStatus.Deleted } : comment);
        return $"id: {position}\nevent: {kind}\ndata: {JsonSerializer.Serialize(shown, StrictJson.Options)}\n\n";
    }
}
