using System.Runtime.CompilerServices;
using MongoDB.Driver;
using Platform.Comments.Moderation.Rules;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Comments;

public enum CommentSort { Newest, Oldest, Top }

/// <summary>A place in a list: after the comment with this time (or, among the top ones, this rank) and id.</summary>
public sealed record Position(DateTimeOffset CreatedAt, Guid Id, long Rank = long.MaxValue)
{
    // Every page is asked for with a bound on the time: so the local engine too walks the index in order, instead of sorting all that matches.
    public static readonly Position BeforeOldest = new(DateTimeOffset.MinValue, Guid.Empty), AfterNewest = new(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero), Guid.AllBitsSet);
}

/// <summary>Comments: mapping, indexes, queries.</summary>
public sealed class CommentStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Comments = "comments";

    /// <summary>Elements that the counters alone write.</summary>
    private static readonly string[] Tallies = ["replies", "likes", "rank"];

    private static readonly CommentStatus[] Written = [CommentStatus.Published, CommentStatus.Held, CommentStatus.Rejected, CommentStatus.Spam];
    private static readonly CommentStatus[] Hidden = [CommentStatus.Held, CommentStatus.Rejected, CommentStatus.Spam, CommentStatus.Deleted];
    private static readonly FilterDefinitionBuilder<Comment> Where = Builders<Comment>.Filter;
    private static readonly FilterDefinition<Comment> HasAncestors = Where.Exists("ancestors.0"), HasReplies = Where.Gt(c => c.Replies.Count, 0), HasReports = Where.Gt(c => c.Reports.Open, 0), HasLikes = Where.Gt(c => c.Likes.Count, 0);
    private readonly DocumentStore<Comment> _comments = new(database, Comments, relay, clock, GatheringStore.Small);

    private IMongoCollection<Comment> Collection => _comments.Collection;

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _comments.CreateOutboxIndex(ct);
        var keys = Builders<Comment>.IndexKeys;
        var there = (await (await Collection.Indexes.ListAsync(ct)).ToListAsync(ct)).Select(i => i["name"].AsString).ToHashSet(StringComparer.Ordinal);
        if (!there.Contains("top") && !there.Contains("liked")) await RankOlder(ct);
        await Collection.Indexes.CreateManyAsync(
        [
            // Pages of a thread and of replies, in both directions; counts of replies.
            Index("list", keys.Ascending(c => c.Under).Ascending(c => c.Status).Ascending(c => c.CreatedAt).Ascending(c => c.Id)),
            // Counts of a thread; one article's part of the queue.
            Index("article", keys.Ascending(c => c.ArticleId).Ascending(c => c.Status).Ascending(c => c.CreatedAt).Ascending(c => c.Id)),
            // The queue.
            Index("queue", keys.Ascending(c => c.Status).Ascending(c => c.CreatedAt).Ascending(c => c.Id)),
            // Moderators' decisions in their order, for the spam filter to learn from. Holds those alone that people have decided about.
            Index("decided", keys.Ascending("decision.at").Ascending(c => c.Id), Where.Exists("decision.at")),
            // Where comments came from, until that is forgotten. Holds nothing else.
            Index("origin", keys.Ascending("origin.until"), Where.Exists("origin.until")),
            // A guest's comments: whether he has a published one, what he wrote and when.
            Index("guest", keys.Ascending(c => c.Author).Ascending(c => c.Status).Ascending(c => c.CreatedAt)),
            // The same text by the same author comes once into a thread.
            new(keys.Ascending(c => c.RepeatKey), new CreateIndexOptions<Comment> { Name = "repeat", Unique = true }),
            // Published comments that nobody sees, because one over them is hidden. Holds replies only.
            Index("ancestors", keys.Ascending(c => c.Ancestors).Ascending(c => c.Status), HasAncestors),
            // Pages of a thread, most liked first, as long as there are likes: most comments have none, and are not in it.
            Index("liked", keys.Ascending(c => c.Under).Ascending(c => c.Status).Ascending(c => c.Rank).Ascending(c => c.Id), HasLikes),
            // What has happened in a thread, for who follows it.
            Index("told", keys.Ascending(c => c.ArticleId).Ascending(c => c.ToldAt).Ascending(c => c.Id)),
            // What readers complain of. Holds nothing else.
            Index("reported", keys.Ascending(c => c.CreatedAt).Ascending(c => c.Id), HasReports),
            // Comments of a thread that have replies; few.
            Index("answered", keys.Ascending(c => c.ArticleId).Ascending(c => c.Status), HasReplies),
        ], ct);
        await Collection.Indexes.DropFormer(["author", "wrote", "top"], ct);
    }

    public Task<Comment?> Find(Guid id, CancellationToken ct) => _comments.Find(id, ct);

    public Task<List<Comment>> FindMany(IReadOnlyCollection<Guid> ids, CancellationToken ct) => Collection.Find(Where.In(c => c.Id, ids)).ToListAsync(ct);

    /// <summary>The comment where readers see it: published, and every comment over it too. Whether its article is public is not looked at.</summary>
    public async Task<Comment?> FindSeen(Guid id, CancellationToken ct) => await Find(id, ct) is { } comment && await IsSeen(comment, ct) ? comment : null;

    /// <summary>Whether readers see it; see <see cref="FindSeen"/>.</summary>
    public async Task<bool> IsSeen(Comment comment, CancellationToken ct) => comment.IsPublished
        && (comment.Ancestors.Count == 0 || (await PublishedAmong(comment.Ancestors, ct)).Count == comment.Ancestors.Count);

    /// <summary>Comments of the article of which readers have seen a change after this time, in that order, each with whether they see it now. Reads pages as they are asked for.</summary>
    public async IAsyncEnumerable<(Comment Comment, bool Seen)> Told(Guid articleId, DateTimeOffset after, [EnumeratorCancellation] CancellationToken ct)
    {
        const int size = 50;
        var (at, id) = (after, Guid.AllBitsSet);
        while (true)
        {
            var page = await Collection.Find(Where.Eq(c => c.ArticleId, articleId) & Where.Gte(c => c.ToldAt, at) & (Where.Gt(c => c.ToldAt, at) | Where.Gt(c => c.Id, id)))
                .SortBy(c => c.ToldAt).ThenBy(c => c.Id).Limit(size).ToListAsync(ct);
            var seen = await PublishedAmong([.. page.Where(c => c.IsPublished).SelectMany(c => c.Ancestors).Distinct()], ct);
            foreach (var comment in page) yield return (comment, comment.IsPublished && comment.Ancestors.All(seen.Contains));
            if (page.Count < size) yield break;
            (at, id) = (page[^1].ToldAt!.Value, page[^1].Id);
        }
    }

    /// <summary>Published comments that stand under this one, at any depth, each with whether readers see it; at most so many.</summary>
    public async Task<IReadOnlyList<(Comment Comment, bool Seen)>> Beneath(Guid id, int limit, CancellationToken ct)
    {
        var found = await Collection.Find(HasAncestors & Where.Eq("ancestors", id) & Where.Eq(c => c.Status, CommentStatus.Published)).Limit(limit).ToListAsync(ct);
        var published = await PublishedAmong([.. found.SelectMany(c => c.Ancestors).Distinct()], ct);
        return [.. found.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).Select(c => (c, c.Ancestors.All(published.Contains)))];
    }

    /// <summary>Which comments of the article readers have seen change in this time (after the one, until the other), and when; oldest first.</summary>
    public async Task<IReadOnlyList<(Guid Id, DateTimeOffset At, long Version)>> ToldKeys(Guid articleId, DateTimeOffset after, DateTimeOffset until, CancellationToken ct)
    {
        var found = await Collection.Find(Where.Eq(c => c.ArticleId, articleId) & Where.Gt(c => c.ToldAt, after) & Where.Lte(c => c.ToldAt, until)).SortBy(c => c.ToldAt).ThenBy(c => c.Id)
            .Project(c => new { c.Id, c.ToldAt, c.Version }).ToListAsync(ct);
        return [.. found.Select(c => (c.Id, c.ToldAt!.Value, c.Version))];
    }

    /// <returns>The comment; or the one that is there under its id, where the request runs a second time.</returns>
    /// <param name="untold">Its events are not put into its outbox: who inserts it publishes them, and has seen to it that after a crash somebody else will (<see cref="TellAgain"/>).</param>
    /// <exception cref="Problem">409 <c>comment.repeat</c>.</exception>
    public async Task<Comment> Insert(Comment comment, CancellationToken ct, bool untold = false)
    {
        comment = Comment.Told(null, comment);
        try { return await _comments.Insert(comment, untold ? [] : [.. Comment.Events(null, comment), .. Comment.Work(null, comment)], ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { throw ExactRepeat.Refusal; }
    }

    /// <summary>Puts that they are published into the outboxes of an article's comments that were inserted untold, or may have been, and first seen by readers between these times. Twice tells it twice.</summary>
    /// <param name="told">Those that were put there before, and are left out; the others join them.</param>
    public async Task TellAgain(Guid articleId, DateTimeOffset from, DateTimeOffset until, HashSet<Guid> told, CancellationToken ct)
    {
        await foreach (var (comment, _) in Told(articleId, from, ct))
        {
            if (!comment.IsPublished || comment.PublishedAt < from || comment.PublishedAt > until || !Comment.MayBeToldAtOnce(comment) || told.Contains(comment.Id)) continue;
            await TellLater(comment, ct);
            told.Add(comment.Id);
        }
    }

    /// <summary>Puts into a comment's outbox that it is published, where it still is.</summary>
    public Task TellLater(Comment comment, CancellationToken ct) => _comments.Update(Where.Eq(c => c.Id, comment.Id) & Where.Eq(c => c.Status, CommentStatus.Published),
        Builders<Comment>.Update.Set(c => c.Status, CommentStatus.Published), Comment.Events(null, comment), ct);

    /// <summary>Whether another comment has one of these keys: the same text by the same author in the same thread, from before the address keys changed.</summary>
    public async Task<bool> IsRepeat(IReadOnlyList<byte[]> olderKeys, Guid except, CancellationToken ct) =>
        olderKeys.Count > 0 && (await Collection.Find(Where.In(c => c.RepeatKey, olderKeys)).Limit(2).Project(c => c.Id).ToListAsync(ct)).Exists(id => id != except);

    /// <summary>Inserts comments that came with an import, without telling anybody; those whose ids are there already stay as they are.</summary>
    public async Task InsertImported(IReadOnlyList<Comment> comments, CancellationToken ct)
    {
        try { await Collection.InsertManyAsync(comments, new InsertManyOptions { IsOrdered = false }, ct); }
        catch (MongoBulkWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>Those of these comments that have replies.</summary>
    public async Task<List<Guid>> WithReplies(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        await Collection.Distinct(c => c.Under, Where.In(c => c.Under, ids), cancellationToken: ct).ToListAsync(ct);

    /// <param name="also">Told in the same write, beside <see cref="Comment.Events"/>.</param>
    /// <returns>False when the comment has another version by now than <paramref name="before"/>.</returns>
    /// <exception cref="Problem">409 <c>comment.repeat</c>.</exception>
    public async Task<bool> Save(Comment before, Comment after, CancellationToken ct, params IReadOnlyList<object> also)
    {
        after = Comment.Told(before, after);
        try { return await _comments.Save(after, [.. Comment.Events(before, after), .. Comment.Work(before, after), .. also], ct, Tallies); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { throw ExactRepeat.Refusal; }
    }

    /// <summary>A page of published comments under an article or a comment; reads no more than the page.</summary>
    public Task<List<Comment>> List(Guid under, CommentSort sort, Position after, int limit, CancellationToken ct) =>
        sort == CommentSort.Top ? Top(under, after, limit, ct) : Page(Where.Eq(c => c.Under, under) & Where.Eq(c => c.Status, CommentStatus.Published), sort == CommentSort.Oldest, after, limit, ct);

    /// <summary>Those of these comments that are published, oldest first.</summary>
    /// <remarks>The store is asked for the ids alone: asked for status and order too, the local engine walks all published comments for them.</remarks>
    public async Task<List<Comment>> FindPublished(IReadOnlyCollection<Guid> ids, CancellationToken ct) => [.. (await FindMany(ids, ct)).Where(c => c.IsPublished).OrderBy(c => c.CreatedAt).ThenBy(c => c.Id)];

    /// <summary>Comments for moderators, newest first; of one article where it is given.</summary>
    public Task<List<Comment>> Queue(CommentStatus status, Guid? articleId, Position after, int limit, CancellationToken ct) =>
        Page(Where.Eq(c => c.Status, status) & (articleId is { } id ? Where.Eq(c => c.ArticleId, id) : Where.Empty), oldestFirst: false, after, limit, ct);

    /// <summary>Comments that readers have complained of since a moderator decided last, newest first; of one article where it is given.</summary>
    public Task<List<Comment>> Reported(Guid? articleId, Position after, int limit, CancellationToken ct) =>
        Page(HasReports & (articleId is { } id ? Where.Eq(c => c.ArticleId, id) : Where.Empty), oldestFirst: false, after, limit, ct);

    /// <summary>How many wait for moderators: held, and reported since somebody decided last; each counted up to a limit.</summary>
    public async Task<(long Held, long Reported)> CountWaiting(int limit, CancellationToken ct)
    {
        var upTo = new CountOptions { Limit = limit };
        var held = Collection.CountDocumentsAsync(Where.Eq(c => c.Status, CommentStatus.Held), upTo, ct);
        // The bound on the time says which index.
        var reported = Collection.CountDocumentsAsync(HasReports & Where.Lte(c => c.CreatedAt, Position.AfterNewest.CreatedAt), upTo, ct);
        return (await held, await reported);
    }

    /// <summary>Comments in one status until a time, oldest first.</summary>
    public Task<List<Comment>> Between(CommentStatus status, Position after, DateTimeOffset to, int limit, CancellationToken ct) =>
        Page(Where.Eq(c => c.Status, status) & Where.Lte(c => c.CreatedAt, to), oldestFirst: true, after, limit, ct);

    /// <summary>Comments that moderators have decided about, in the order of their last decisions, behind one (its time and comment) and until a time.</summary>
    /// <remarks>$exists is said although $gte implies it: only then does the local engine use the partial index.</remarks>
    public Task<List<Comment>> Decided(Position after, DateTimeOffset until, int limit, CancellationToken ct) => Collection.Find(Where.Exists("decision.at")
            & Where.Gte("decision.at", after.CreatedAt.UtcDateTime) & Where.Lte("decision.at", until.UtcDateTime) & (Where.Gt("decision.at", after.CreatedAt.UtcDateTime) | Where.Gt(c => c.Id, after.Id)))
        .Sort(Builders<Comment>.Sort.Ascending("decision.at").Ascending(c => c.Id)).Limit(limit).ToListAsync(ct);

    /// <summary>Takes out where comments came from, of those whose time is over.</summary>
    /// <remarks>$exists is said although $lt implies it: only then does the local engine use the partial index.</remarks>
    public Task ForgetOrigins(DateTimeOffset now, CancellationToken ct) =>
        Collection.UpdateManyAsync(Where.Exists("origin.until") & Where.Lt("origin.until", now.UtcDateTime), Builders<Comment>.Update.Unset(c => c.Origin), cancellationToken: ct);

    /// <summary>How many comments in these statuses were written between these times.</summary>
    public Task<long> CountBetween(IReadOnlyCollection<CommentStatus> statuses, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        Collection.CountDocumentsAsync(Where.In(c => c.Status, statuses) & Where.Gte(c => c.CreatedAt, from) & Where.Lte(c => c.CreatedAt, to), cancellationToken: ct);

    /// <summary>When each of these guests wrote the first of his published comments; by the guest's hash in hexadecimal.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> FirstPublished(IReadOnlyCollection<byte[]> authors, CancellationToken ct)
    {
        if (authors.Count == 0) return [];
        var first = await Collection.Aggregate().Match(Where.In(c => c.Author, authors) & Where.Eq(c => c.Status, CommentStatus.Published))
            .Group(c => c.Author, g => new { Author = g.Key, At = g.Min(c => c.CreatedAt) }).ToListAsync(ct);
        return first.ToDictionary(f => Convert.ToHexString(f.Author!), f => f.At);
    }

    /// <summary>What was written on an article until a time and has not been deleted.</summary>
    public Task<List<Comment>> OfArticleUntil(Guid articleId, DateTimeOffset until, int limit, CancellationToken ct) =>
        Collection.Find(Where.Eq(c => c.ArticleId, articleId) & Where.In(c => c.Status, Written) & Where.Lte(c => c.CreatedAt, until)).Limit(limit).ToListAsync(ct);

    /// <summary>What was written on an article, in any status, oldest first; fewer than the limit only where there is no more.</summary>
    public async Task<List<Comment>> OfArticleAfter(Guid articleId, Position after, int limit, CancellationToken ct)
    {
        var (at, id, _) = after;
        var behind = Where.Eq(c => c.ArticleId, articleId) & Where.Gte(c => c.CreatedAt, at) & (Where.Gt(c => c.CreatedAt, at) | Where.Gt(c => c.Id, id));
        // In the index each status has a stretch of its own. Their keys tell how far the page can reach; then one question reads so much of all of them, in which no comment is missed that changes from one to the other.
        var stretches = await Task.WhenAll(Enum.GetValues<CommentStatus>().Select(status =>
            Collection.Find(behind & Where.Eq(c => c.Status, status)).SortBy(c => c.CreatedAt).ThenBy(c => c.Id).Limit(limit).Project(c => new { c.CreatedAt, c.Id }).ToListAsync(ct)));
        var until = stretches.Where(s => s.Count == limit).Select(s => s[^1].CreatedAt).DefaultIfEmpty(Position.AfterNewest.CreatedAt).Min();
        return await Collection.Find(behind & Where.In(c => c.Status, Enum.GetValues<CommentStatus>()) & Where.Lte(c => c.CreatedAt, until)).SortBy(c => c.CreatedAt).ThenBy(c => c.Id).Limit(limit).ToListAsync(ct);
    }

    /// <summary>Those of these comments under which something stands, at any depth, that was not deleted.</summary>
    /// <remarks>Of the deepest, beside which their replies stand (see <see cref="Comment.MaxDepth"/>), all that have such company.</remarks>
    public async Task<IReadOnlySet<Guid>> WithAnythingBeneath(IReadOnlyCollection<Comment> over, CancellationToken ct)
    {
        var (asked, found) = (over.Select(c => c.Id).ToHashSet(), new HashSet<Guid>());
        // What is found settles all that stands over it: so it is asked again only where there are more.
        while (asked.Count > 0 && await Beneath() is { Count: > 0 } some)
        {
            foreach (var ancestors in some) found.UnionWith(ancestors);
            asked.ExceptWith(found);
        }
        foreach (var deepest in over.Where(c => c.PlaceOfReply().Under == c.Under).GroupBy(c => c.Under))
            if (await Collection.Find(Where.Eq(c => c.Under, deepest.Key) & Where.In(c => c.Status, Written)).Limit(1).AnyAsync(ct)) found.UnionWith(deepest.Select(c => c.Id));
        return found;

        Task<List<IReadOnlyList<Guid>>> Beneath() => Collection.Find(HasAncestors & Where.In("ancestors", asked) & Where.In(c => c.Status, Written)).Limit(50).Project(c => c.Ancestors).ToListAsync(ct);
    }

    /// <summary>When these guests wrote, between these times; each hash with its times, in order.</summary>
    public async Task<ILookup<string, DateTimeOffset>> TimesOf(IReadOnlyCollection<byte[]> authors, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var found = authors.Count == 0 ? [] : await Collection.Find(Where.In(c => c.Author, authors) & Where.Gte(c => c.CreatedAt, from) & Where.Lte(c => c.CreatedAt, to)).Project(c => new { c.Author, c.CreatedAt }).ToListAsync(ct);
        return found.OrderBy(c => c.CreatedAt).ToLookup(c => Convert.ToHexString(c.Author!), c => c.CreatedAt);
    }

    /// <summary>All comments of one guest in this status, newest first; at most 200.</summary>
    /// <param name="authors">The guest's hashes, as for the following.</param>
    public Task<List<Comment>> OfAuthor(IReadOnlyList<byte[]> authors, CommentStatus status, CancellationToken ct) =>
        Collection.Find(Where.In(c => c.Author, authors) & Where.Eq(c => c.Status, status)).SortByDescending(c => c.CreatedAt).Limit(200).ToListAsync(ct);

    /// <summary>What one guest wrote until a time and has not been deleted; at most 200.</summary>
    public Task<List<Comment>> OfAuthorUntil(IReadOnlyList<byte[]> authors, DateTimeOffset until, CancellationToken ct) =>
        Collection.Find(Where.In(c => c.Author, authors) & Where.Lte(c => c.CreatedAt, until)).Limit(200).ToListAsync(ct);

    /// <summary>What one guest wrote, in order of the ids.</summary>
    public Task<List<Comment>> OfAuthorAfter(IReadOnlyList<byte[]> authors, Guid after, int limit, CancellationToken ct) =>
        Collection.Find(Where.In(c => c.Author, authors) & Where.Gt(c => c.Id, after)).SortBy(c => c.Id).Limit(limit).ToListAsync(ct);

    /// <summary>Whether the guest has a published comment other than this one.</summary>
    public async Task<bool> IsKnown(IReadOnlyList<byte[]> authors, Guid except, CancellationToken ct) =>
        (await Collection.Find(Where.In(c => c.Author, authors) & Where.Eq(c => c.Status, CommentStatus.Published)).Limit(2).Project(c => c.Id).ToListAsync(ct)).Exists(id => id != except);

    /// <summary>How many comments of the article readers see: the published ones, less those with a hidden one over them.</summary>
    public async Task<long> CountSeen(Guid articleId, CancellationToken ct)
    {
        var published = Where.Eq(c => c.ArticleId, articleId) & Where.Eq(c => c.Status, CommentStatus.Published);
        var all = await Collection.CountDocumentsAsync(published, cancellationToken: ct);
        var hidden = await Collection.Find(Where.Eq(c => c.ArticleId, articleId) & Where.In(c => c.Status, Hidden) & HasReplies).Project(c => c.Id).ToListAsync(ct);
        return hidden.Count == 0 ? all
            : all - await Collection.CountDocumentsAsync(HasAncestors & Where.In("ancestors", hidden) & Where.Eq(c => c.Status, CommentStatus.Published), cancellationToken: ct);
    }

    /// <summary>As <see cref="CountSeen(Guid, CancellationToken)"/>, of several articles at once: as many commands as for one.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> CountSeen(IReadOnlyCollection<Guid> articleIds, CancellationToken ct)
    {
        var published = await Collection.Aggregate().Match(Where.In(c => c.ArticleId, articleIds) & Where.Eq(c => c.Status, CommentStatus.Published))
            .Group(c => c.ArticleId, g => new { Id = g.Key, Count = g.LongCount() }).ToListAsync(ct);
        var counts = published.ToDictionary(p => p.Id, p => p.Count);
        var hidden = await Collection.Find(Where.In(c => c.ArticleId, articleIds) & Where.In(c => c.Status, Hidden) & HasReplies).Project(c => new { c.Id, c.ArticleId }).ToListAsync(ct);
        foreach (var article in hidden.GroupBy(h => h.ArticleId, h => h.Id).Where(a => counts.ContainsKey(a.Key)))
            counts[article.Key] -= await Collection.CountDocumentsAsync(HasAncestors & Where.In("ancestors", article) & Where.Eq(c => c.Status, CommentStatus.Published), cancellationToken: ct);
        return counts;
    }

    /// <summary>Counts a comment's published replies and stores the tally, guarded as the count of a thread is (see <see cref="ThreadStore"/>).</summary>
    public async Task RecountReplies(Guid id, CancellationToken ct)
    {
        while (await Collection.Find(c => c.Id == id).Project(c => c.Replies).FirstOrDefaultAsync(ct) is { } tally)
        {
            var published = Where.Eq(c => c.Under, id) & Where.Eq(c => c.Status, CommentStatus.Published);
            var first = await List(id, CommentSort.Oldest, Position.BeforeOldest, ReplyTally.Shown, ct);
            var count = first.Count < ReplyTally.Shown ? first.Count : await Collection.CountDocumentsAsync(published, cancellationToken: ct);
            var next = new ReplyTally(tally.Version + 1, count, [.. first.Select(c => c.Id)]);
            var result = await Collection.UpdateOneAsync(c => c.Id == id && c.Replies.Version == tally.Version, Builders<Comment>.Update.Set(c => c.Replies, next), cancellationToken: ct);
            if (result.MatchedCount > 0) return;
        }
    }

    /// <summary>
    /// Counts who likes a comment and stores the tally, with <see cref="CommentReactionsCounted"/> where it is another. The tally's version is read before counting and guards the write,
    /// so that of two who count at once the slower one counts again.
    /// </summary>
    /// <returns>The count; 0 where there is no such comment.</returns>
    public async Task<long> RecountLikes(Guid id, Func<Task<long>> count, CancellationToken ct)
    {
        while (await Find(id, ct) is { } comment)
        {
            var next = new LikeTally(comment.Likes.Version + 1, await count());
            var update = Builders<Comment>.Update.Set(c => c.Likes, next).Set(c => c.Rank, LikeTally.Rank(next.Count, comment.CreatedAt));
            // Written although it may be the same: the version tells a slower count, which began earlier, to count again.
            CommentReactionsCounted[] counted = next.Count == comment.Likes.Count ? [] : [new() { CommentId = id, ArticleId = comment.ArticleId, Version = next.Version, Like = next.Count }];
            if (await _comments.Update(Where.Eq(c => c.Id, id) & Where.Eq(c => c.Likes.Version, comment.Likes.Version), update, counted, ct) is not null) return next.Count;
        }
        return 0;
    }

    /// <summary>Counts a comment's open reports and stores the tally; the comment's version guards it too, for a decision closes reports.</summary>
    /// <param name="count">Reports made after this time.</param>
    /// <returns>The comment with the tally; null where there is none.</returns>
    public async Task<Comment?> RecountReports(Guid id, Func<DateTimeOffset, Task<long>> count, CancellationToken ct)
    {
        while (await Find(id, ct) is { } comment)
        {
            var next = new ReportTally(comment.Reports.Version + 1, await count(comment.Decision?.At ?? DateTimeOffset.MinValue));
            var guard = Where.Eq(c => c.Id, id) & Where.Eq(c => c.Version, comment.Version) & Where.Eq(c => c.Reports.Version, comment.Reports.Version);
            if (await _comments.Update(guard, Builders<Comment>.Update.Set(c => c.Reports, next), [], ct) is { } counted) return counted;
        }
        return null;
    }

    /// <summary>Comments of the article whose replies have changed since: their tallies may be wrong.</summary>
    public async Task<List<Guid>> ParentsOfChanged(Guid articleId, DateTimeOffset since, CancellationToken ct) =>
        await Collection.Distinct(c => c.Under, Where.Eq(c => c.ArticleId, articleId) & HasAncestors & Where.Gte(c => c.ChangedAt, since), cancellationToken: ct).ToListAsync(ct);

    /// <summary>Those with likes by their ranks, and then the others, newest first: without likes the rank is the time.</summary>
    private async Task<List<Comment>> Top(Guid under, Position after, int limit, CancellationToken ct)
    {
        var published = Where.Eq(c => c.Under, under) & Where.Eq(c => c.Status, CommentStatus.Published);
        var page = after.Rank < LikeTally.FirstLiked ? [] : await Collection.Find(published & HasLikes & Where.Lte(c => c.Rank, after.Rank) & (Where.Lt(c => c.Rank, after.Rank) | Where.Lt(c => c.Id, after.Id)))
            .SortByDescending(c => c.Rank).ThenByDescending(c => c.Id).Limit(limit).ToListAsync(ct);
        if (page.Count == limit) return page;
        var last = after.Rank < LikeTally.FirstLiked ? new Position(DateTimeOffset.FromUnixTimeMilliseconds(after.Rank), after.Id) : Position.AfterNewest;
        return [.. page, .. await Page(published & Where.Eq(c => c.Likes.Count, 0), oldestFirst: false, last, limit - page.Count, ct)];
    }

    /// <summary>Which of these comments are published. Asked as by <see cref="FindPublished"/>.</summary>
    private async Task<HashSet<Guid>> PublishedAmong(IReadOnlyCollection<Guid> ids, CancellationToken ct) => ids.Count == 0 ? []
        : [.. (await Collection.Find(Where.In(c => c.Id, ids)).Project(c => new { c.Id, c.Status }).ToListAsync(ct)).Where(c => c.Status == CommentStatus.Published).Select(c => c.Id)];

    /// <summary>Gives comments from before there were likes and reports the elements that counts are guarded by. Once: before the index that needs them.</summary>
    private async Task RankOlder(CancellationToken ct)
    {
        var older = Where.Exists(c => c.Likes, false);
        // Page by page in the order of ids, each once: a question for what lacks an element would walk all ids for every page.
        for (var after = Guid.Empty; await Collection.Find(c => c.Id > after).SortBy(c => c.Id).Limit(500).ToListAsync(ct) is { Count: > 0 } batch; after = batch[^1].Id)
            await Collection.BulkWriteAsync(batch.Select(c => new UpdateOneModel<Comment>(Where.Eq(o => o.Id, c.Id) & older,
                Builders<Comment>.Update.Set(o => o.Likes, LikeTally.None).Set(o => o.Rank, c.Rank).Set(o => o.Reports, ReportTally.None))), cancellationToken: ct);
    }

    private Task<List<Comment>> Page(FilterDefinition<Comment> filter, bool oldestFirst, Position after, int limit, CancellationToken ct)
    {
        var (at, id, _) = after;
        return oldestFirst
            ? Collection.Find(filter & Where.Gte(c => c.CreatedAt, at) & (Where.Gt(c => c.CreatedAt, at) | Where.Gt(c => c.Id, id))).SortBy(c => c.CreatedAt).ThenBy(c => c.Id).Limit(limit).ToListAsync(ct)
            : Collection.Find(filter & Where.Lte(c => c.CreatedAt, at) & (Where.Lt(c => c.CreatedAt, at) | Where.Lt(c => c.Id, id))).SortByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).Limit(limit).ToListAsync(ct);
    }

    private static CreateIndexModel<Comment> Index(string name, IndexKeysDefinition<Comment> keys, FilterDefinition<Comment>? partial = null) =>
        new(keys, new CreateIndexOptions<Comment> { Name = name, PartialFilterExpression = partial });
}
