using System.Globalization;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Comments.Features;

/// <summary>Moderators read what waits for them, and what was decided.</summary>
public static class ReviewQueue
{
    /// <summary>A search looks through so many comments per request, and then gives a cursor to go on with.</summary>
    private const int Searched = 2000;

    /// <summary>Comments in one status, newest first, with the authors' addresses.</summary>
    /// <param name="status"><c>held</c> (default), <c>published</c>, <c>rejected</c> or <c>spam</c>.</param>
    /// <param name="articleId">Of this article only.</param>
    /// <param name="q">Words that name or text contain, spelt in any way; or a whole e-mail address. A page of a search may be short although more follow.</param>
    public static async Task<Page<QueuedComment>> Handle(string? status, Guid? articleId, string? q, PageRequest page, CommentStore comments, Guests guests, Cursors cursors, CancellationToken ct)
    {
        var wanted = status switch
        {
            null or "held" => CommentStatus.Held,
            "published" => CommentStatus.Published,
            "rejected" => CommentStatus.Rejected,
            "spam" => CommentStatus.Spam,
            _ => throw Problem.Invalid("status", "held, published, rejected or spam."),
        };
        var position = page.Cursor is { } cursor ? Read(cursor, wanted) : Position.AfterNewest;
        if (q?.Trim() is { Length: > 0 } search) return await Search(search);
        return page.Cut(await comments.Queue(wanted, articleId, position, page.Limit + 1, ct), cursors, Cursor, View);

        async Task<Page<QueuedComment>> Search(string text)
        {
            if (text.Length > 300) throw Problem.Invalid("q", "At most 300 characters.");
            var words = Normaliser.Fold(text);
            var author = EmailAddress.IsValid(text) ? guests.Author(text) : null;
            var found = new List<QueuedComment>();
            Comment? last = null;
            for (var looked = 0; looked < Searched;)
            {
                var read = await comments.Queue(wanted, articleId, last is null ? position : new Position(last.CreatedAt, last.Id), 200, ct);
                foreach (var comment in read)
                {
                    last = comment;
                    if (author is null ? Normaliser.Fold(comment.Name + "\n" + comment.Body).Contains(words, StringComparison.Ordinal) : comment.Author.AsSpan().SequenceEqual(author)) found.Add(View(comment));
                    if (found.Count == page.Limit) return new(found, cursors.Encode(Cursor(comment)));
                }
                if (read.Count < 200) return new(found, null);
                looked += read.Count;
            }
            return new(found, cursors.Encode(Cursor(last!)));
        }

        QueuedComment View(Comment c) => new(c, c.Email is { } sealedEmail ? guests.Reveal(sealedEmail) : null);
    }

    private static string[] Cursor(Comment last) => ["queue", last.Status.ToString(), last.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), last.Id.ToString()];

    private static Position Read(IReadOnlyList<string> cursor, CommentStatus status) => cursor is ["queue", var list, var at, var id] && list == status.ToString()
        ? new Position(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), Guid.Parse(id))
        : throw Cursors.Foreign();
}
