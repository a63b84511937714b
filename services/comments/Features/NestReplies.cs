namespace Platform.Comments.Features;

/// <summary>
/// Replies under replies, as pages show them: to some levels, and what is deeper flat under the last of these. The deeper, the fewer, and one query for each level,
/// so that a page costs the same whatever stands under its comments: at most 33 replies for each, found by their ids.
/// </summary>
public static class NestReplies
{
    public const int MaxDepth = 4;

    /// <summary>With so many levels a page has at most so many comments at its top.</summary>
    public const int MostAtTop = 20;

    /// <summary>How many replies are shown under each comment of a level, and how many under the last one, taken from all that is deeper.</summary>
    private static readonly int[] Widths = [ReplyTally.Shown, 2, 1];
    private const int Flat = 3;

    /// <summary>Reads what is to be shown under these comments; visible ones only.</summary>
    /// <param name="depth">Levels, these comments' own included.</param>
    public static async Task<Nested> Read(IReadOnlyList<Comment> top, int depth, CommentStore comments, CancellationToken ct)
    {
        var under = new Dictionary<Guid, Comment[]>();
        var level = top;
        for (var shown = 1; shown < depth && level.Count > 0; shown++)
        {
            var width = Widths[shown - 1];
            await Add(level.SelectMany(c => c.Replies.First.Take(width)));
            level = [.. level.SelectMany(c => under.GetValueOrDefault(c.Id, []))];
        }
        // In the order of the thread each comes after what it answers: so where a place is behind the last one shown, all that is under it is too.
        for (var (steps, places) = (0, level.ToDictionary(c => c.Id, _ => -1)); steps < Flat && level.Count > 0; steps++)
        {
            var next = level.SelectMany(c => c.Replies.First.Select((id, i) => (Id: id, Place: places[c.Id] + 1 + i))).Where(r => r.Place < Flat).ToDictionary(r => r.Id, r => r.Place);
            await Add(next.Keys);
            level = [.. level.SelectMany(c => under.GetValueOrDefault(c.Id, [])).Where(c => next.ContainsKey(c.Id))];
            places = next;
        }
        return new(under, depth);

        async Task Add(IEnumerable<Guid> ids)
        {
            Guid[] wanted = [.. ids];
            if (wanted.Length == 0) return;
            foreach (var replies in (await comments.FindPublished(wanted, ct)).GroupBy(c => c.Under)) under[replies.Key] = [.. replies];
        }
    }

    /// <summary>Replies by what they stand under, oldest first.</summary>
    public sealed class Nested(IReadOnlyDictionary<Guid, Comment[]> under, int depth)
    {
        /// <param name="cursor">Of the replies to a comment behind one of them (null: from the first).</param>
        public IReadOnlyList<ReplyView> Under(Comment comment, int level, Func<Comment, Comment?, string> cursor) => level == depth
            ? [.. FlatUnder(comment).Take(Flat).Select(r => new ReplyView(r))]
            : [.. Direct(comment).Select(r => new ReplyView(r) { Replies = Under(r, level + 1, cursor), MoreReplies = More(r, level + 1, cursor) })];

        /// <summary>Cursor of the replies to this comment that are not shown, or null. Where they are flat it begins with the first: there, each has its own beneath it.</summary>
        public string? More(Comment comment, int level, Func<Comment, Comment?, string> cursor)
        {
            if (level < depth) return comment.Replies.Count > Direct(comment).Length ? cursor(comment, Direct(comment).LastOrDefault()) : null;
            var shown = FlatUnder(comment).Take(Flat).ToArray();
            return shown.Length < shown.Append(comment).Sum(c => c.Replies.Count) ? cursor(comment, null) : null;
        }

        private Comment[] Direct(Comment comment) => under.GetValueOrDefault(comment.Id, []);

        private IEnumerable<Comment> FlatUnder(Comment comment) => Direct(comment).SelectMany(c => FlatUnder(c).Prepend(c));
    }
}
