using System.Globalization;
using Platform.Comments.Counting;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Readers page through an article's comments.</summary>
public static class ListComments
{
    /// <param name="Total">All comments of the article that readers see, replies too.</param>
    /// <param name="Open">Whether the thread takes comments now.</param>
    public sealed record CommentList(IReadOnlyList<ListedComment> Items, string? Next, long Total, bool Open);

    /// <summary>Published comments of an article, or published replies to one of them.</summary>
    /// <param name="sort"><c>newest</c> (default), <c>oldest</c> (default for replies) or <c>top</c>: most liked, then newest. A cursor keeps the order it began with.</param>
    /// <param name="parent">The comment whose replies are listed; absent for the comments at the top.</param>
    /// <param name="depth">2 to 4: so many levels of comments, replies in their replies, and what is deeper flat under the last level (see <see cref="NestReplies"/>); with a <c>limit</c> of at most 20. Absent: each comment with its first replies, and no deeper.</param>
    /// <returns>200; 400; 404 no such published article, or no such comment in it.</returns>
    public static async Task<CommentList> Handle(Guid articleId, string? sort, Guid? parent, int? depth, PageRequest page, HttpResponse response, ThreadStore threads, CommentStore comments,
        SettingsStore settings, ThreadCounter counter, Cursors cursors, TimeProvider clock, CancellationToken ct)
    {
        var order = sort switch
        {
            null => parent is null ? CommentSort.Newest : CommentSort.Oldest,
            "newest" => CommentSort.Newest,
            "oldest" => CommentSort.Oldest,
            "top" => CommentSort.Top,
            _ => throw Problem.Invalid("sort", "newest, oldest or top."),
        };
        if (depth is < 2 or > NestReplies.MaxDepth) throw Problem.Invalid("depth", $"2 to {NestReplies.MaxDepth}.");
        if (depth is not null && page.Limit > NestReplies.MostAtTop) throw Problem.Invalid("limit", $"At most {NestReplies.MostAtTop} with depth.");
        var under = parent ?? articleId;
        var position = order == CommentSort.Oldest ? Position.BeforeOldest : Position.AfterNewest;
        if (page.Cursor is { } cursor) (order, position) = Read(cursor, under);

        await counter.Settle(articleId);
        if (await threads.Find(articleId, ct) is not { IsVisible: true } thread) throw Problem.NotFound("article");
        if (parent is { } id && (await comments.FindSeen(id, ct))?.ArticleId != articleId) throw Problem.NotFound("comment");
        var read = await comments.List(under, order, position, page.Limit + 1, ct);
        var shown = read.Take(page.Limit).ToArray();
        var nested = depth is { } levels ? await NestReplies.Read(shown, levels, comments, ct) : null;
        var firstReplies = nested is null ? shown.SelectMany(c => c.Replies.First).ToArray() : [];
        var replies = (firstReplies.Length == 0 ? [] : await comments.FindPublished(firstReplies, ct)).ToLookup(c => c.Under);

        response.Tagged(CacheTags.Article(articleId));
        return new([.. shown.Select(Listed)], read.Count > shown.Length ? cursors.Encode(Cursor(under, order, shown[^1])) : null, thread.Count, thread.IsOpen(await settings.ReadRecent(ct), clock.Now()));

        ListedComment Listed(Comment c)
        {
            if (nested is not null) return new(c, nested.Under(c, 1, More), nested.More(c, 1, More));
            var first = replies[c.Id].ToArray();
            return new(c, [.. first.Select(r => new ReplyView(r))], c.Replies.Count > first.Length ? More(c, first.LastOrDefault()) : null);
        }

        string More(Comment c, Comment? last) => cursors.Encode(Cursor(c.Id, CommentSort.Oldest, last));
    }

    /// <param name="last">The last comment shown, or null: from the beginning.</param>
    private static string[] Cursor(Guid under, CommentSort order, Comment? last)
    {
        var position = last is null ? Position.BeforeOldest : new Position(last.CreatedAt, last.Id, last.Rank);
        return ["comments", under.ToString(), order.ToString(), order == CommentSort.Top ? position.Rank.ToString(CultureInfo.InvariantCulture) : position.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), position.Id.ToString()];
    }

    private static (CommentSort, Position) Read(IReadOnlyList<string> cursor, Guid under)
    {
        if (cursor is not ["comments", var list, var named, var text, var id] || list != under.ToString()) throw Cursors.Foreign();
        var (order, key) = (Enum.Parse<CommentSort>(named), long.Parse(text, CultureInfo.InvariantCulture));
        return (order, order == CommentSort.Top ? Position.AfterNewest with { Rank = key, Id = Guid.Parse(id) } : new Position(DateTimeOffset.FromUnixTimeMilliseconds(key), Guid.Parse(id)));
    }
}
