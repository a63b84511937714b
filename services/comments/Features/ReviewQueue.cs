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
    /// <param name="status"><c>held</c> (default), <c>reported</c> (since the last decision, in whatever status), <c>published</c>, <c>rejected</c> or <c>spam</c>.</param>
    /// <param name="articleId">Of this article only.</param>
    /// <param name="q">Words that name or text contain, spelt in any way; or a whole e-mail address. A page of a search may be short although more follow.</param>
    public static async Task<Page<QueuedComment>> Handle(string? status, Guid? articleId, string? q, PageRequest page, CommentStore comments, ReportStore reports, Guests guests, ClaimStore claims, Cursors cursors, TimeProvider clock, CancellationToken ct)
    {
        var wanted = status switch
        {
            null or "held" => CommentStatus.Held,
            "published" => CommentStatus.Published,
            "rejected" => CommentStatus.Rejected,
            "spam" => CommentStatus.Spam,
            "reported" => (CommentStatus?)null,
            _ => throw Problem.Invalid("status", "held, reported, published, rejected or spam."),
        };
        var position = page.Cursor is { } cursor ? ReadCursor(cursor, wanted) : Position.AfterNewest;
        if (q?.Trim() is { Length: > 0 } search) return await Search(search);
        var listed = page.Cut(await Read(position, page.Limit + 1), cursors, c => Cursor(c, wanted), c => c);
        return new(await View(listed.Items), listed.Next);

        Task<List<Comment>> Read(Position after, int limit) =>
            wanted is { } one ? comments.Queue(one, articleId, after, limit, ct) : comments.Reported(articleId, after, limit, ct);

        async Task<Page<QueuedComment>> Search(string text)
        {
            if (text.Length > 300) throw Problem.Invalid("q", "At most 300 characters.");
            var words = Normaliser.Fold(text);
            var authors = EmailAddress.IsValid(text) ? guests.Authors(text) : null;
            var found = new List<Comment>();
            Comment? last = null;
            for (var looked = 0; looked < Searched;)
            {
                var read = await Read(last is null ? position : new Position(last.CreatedAt, last.Id), 200);
                foreach (var comment in read)
                {
                    last = comment;
                    if (authors is null ? Normaliser.Fold(comment.Name + "\n" + comment.Body).Contains(words, StringComparison.Ordinal) : authors.Any(a => comment.Author.AsSpan().SequenceEqual(a))) found.Add(comment);
                    if (found.Count == page.Limit) return new(await View(found), cursors.Encode(Cursor(comment, wanted)));
                }
                if (read.Count < 200) return new(await View(found), null);
                looked += read.Count;
            }
            return new(await View(found), cursors.Encode(Cursor(last!, wanted)));
        }

        Task<QueuedComment[]> View(IReadOnlyList<Comment> shown) => ReviewQueue.View(shown, reports, guests, claims, clock, ct);
    }

    /// <summary>Comments as moderators see them; of a deleted one nothing that anybody wrote.</summary>
    internal static async Task<QueuedComment[]> View(IReadOnlyList<Comment> shown, ReportStore reports, Guests guests, ClaimStore claims, TimeProvider clock, CancellationToken ct)
    {
        var claimed = await claims.Of([.. shown.Select(c => c.Id)], clock.Now(), ct);
        return await Task.WhenAll(shown.Select(async c => new QueuedComment(c, guests.Reveal(c), c.Reports.Version > 0 && c.Status != CommentStatus.Deleted ? await reports.Of(c.Id, ct) : [])
        {
            Network = c.Origin?.Shown(clock.Now()),
            Claim = claimed.TryGetValue(c.Id, out var claim) ? ClaimComments.ClaimView.From(claim) : null,
        }));
    }

    private static string[] Cursor(Comment last, CommentStatus? list) => ["queue", list?.ToString() ?? "", last.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), last.Id.ToString()];

    private static Position ReadCursor(IReadOnlyList<string> cursor, CommentStatus? status) => cursor is ["queue", var list, var at, var id] && list == (status?.ToString() ?? "")
        ? new Position(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), Guid.Parse(id))
        : throw Cursors.Foreign();
}
