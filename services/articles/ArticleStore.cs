using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Articles.Search;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles;

/// <summary>Writes articles and finds single ones; lists are <see cref="ArticleListStore"/>'s.</summary>
public sealed class ArticleStore(IMongoDatabase database, RevisionStore revisions, TagStore tags, OutboxRelay relay, IndexSignal index, TimeProvider clock)
{
    public const string Collection = "articles";

    /// <summary>Fields that <see cref="Count"/> and <see cref="Link"/> write, whatever the article's version.</summary>
    private static readonly string[] OwnedElsewhere = ["commentCount", "commentCountVersion", "translationGroup"];

    private static readonly ArticleStatus[] Unpublished = [ArticleStatus.Draft, ArticleStatus.InReview, ArticleStatus.Scheduled];
    private static readonly FilterDefinitionBuilder<Article> Filter = Builders<Article>.Filter;

    /// <summary>The condition of an index, which its queries repeat: MongoDB does not conclude it from a value that is asked for.</summary>
    private static readonly FilterDefinition<Article> HasTranslations = Filter.Type(a => a.TranslationGroup, BsonType.Binary);

    private readonly DocumentStore<Article> _documents = new(database, Collection, relay, clock);
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1, 1))];

    private readonly TakenNumber?[] _taken = new TakenNumber?[32];

    /// <summary>The last number that was taken behind a slug, and when (milliseconds of the machine's clock).</summary>
    private sealed record TakenNumber(string Slug, int Number, long At);

    private IMongoCollection<Article> Articles => _documents.Collection;

    /// <exception cref="Problem">404; 410 for readers of a withdrawn one.</exception>
    public async Task<Article> Get(Guid id, CurrentUser user, CancellationToken ct) => (await Known(Filter.Eq(a => a.Id, id), user, ct) ?? throw Problem.NotFound("article")).For(user);

    /// <summary>By the current slug or one it had before, by one read either way; a spelling that differs in looks alone (capitals, other digits, invisible characters) costs another one.</summary>
    /// <exception cref="Problem">404; 410 for readers of a withdrawn one.</exception>
    public async Task<Article> Get(string slug, CurrentUser user, CancellationToken ct)
    {
        var found = await Known(Filter.AnyEq(a => a.Slugs, slug), user, ct);
        if (found is null && Slug.From(slug) is { Length: > 0 } like && like != slug) found = await Known(Filter.AnyEq(a => a.Slugs, like), user, ct);
        return (found ?? throw Problem.NotFound("article")).For(user);
    }

    /// <summary>For the service itself, whoever may see it; null where there is none.</summary>
    public Task<Article?> Find(Guid id, CancellationToken ct) => _documents.Find(id, ct);

    /// <summary>Inserts a draft. A slug that is not <paramref name="given"/> is numbered where it is taken: the unique index decides, so that parallel writers never share one.</summary>
    /// <returns>The draft; or the one that an earlier run of the same request made.</returns>
    /// <exception cref="Problem">409 <c>article.slugTaken</c>.</exception>
    public async Task<Article> Insert(Article draft, bool given, CancellationToken ct)
    {
        await tags.Note(draft.Content, ct);
        return await WithFreeSlug(draft.Slug, given, slug => _documents.Insert(draft with { Slug = slug, Slugs = [slug] }, [], ct), ct);
    }

    /// <summary>Replaces a version by the next one, with its messages. First the harmless write: the old version goes to the revisions.</summary>
    /// <exception cref="Problem">412: somebody else changed it meanwhile. 409 <c>article.slugTaken</c>.</exception>
    public async Task<Article> Save(Article before, Article after, IReadOnlyList<object> messages, CancellationToken ct)
    {
        if (after.Version == before.Version) return before;
        if (IsSearched(before) || IsSearched(after)) after = after with { ChangedAt = clock.Now() };
        await revisions.Keep(before, ct);
        await tags.Note(after.Content, ct);
        try
        {
            if (!await _documents.Save(after, messages, ct, OwnedElsewhere)) throw Problem.Stale("article");
            index.Raise();
            return after;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            throw SlugTaken();
        }
    }

    /// <summary>As <see cref="Save"/>, with a slug that was made from the title and is numbered where it is taken.</summary>
    /// <param name="change">Makes the next state and its messages with that slug.</param>
    public Task<Article> SaveNumbered(Article before, string slug, Func<string, Task<(Article After, IReadOnlyList<object> Messages)>> change, CancellationToken ct) =>
        WithFreeSlug(slug, given: false, async free => { var (after, messages) = await change(free); return await Save(before, after, messages, ct); }, ct);

    /// <summary>Inserts an article as it is, with its messages, numbering its slug where that is taken.</summary>
    public async Task<Article> InsertNumbered(Article article, Func<Article, Task<IReadOnlyList<object>>> messages, CancellationToken ct)
    {
        await tags.Note(article.Content, ct);
        return await WithFreeSlug(article.Slug, given: false, async slug =>
        {
            var named = article with { Slug = slug, Slugs = [slug] };
            named = IsSearched(named) ? named with { ChangedAt = clock.Now() } : named;
            var inserted = await _documents.Insert(named, await messages(named), ct);
            index.Raise();
            return inserted;
        }, ct);
    }

    /// <summary>Deletes this version for ever; its slugs are free again. What was written goes, who did what when stays (<see cref="RevisionStore.Forget"/>); a crash in between leaves content that nothing leads to.</summary>
    /// <returns>What was deleted.</returns>
    /// <exception cref="Problem">412: somebody else changed it meanwhile.</exception>
    public async Task<Article> Delete(Article article, CancellationToken ct)
    {
        await revisions.Keep(article, ct);
        if ((await Articles.DeleteOneAsync(a => a.Id == article.Id && a.Version == article.Version, ct)).DeletedCount == 0) throw Problem.Stale("article");
        await revisions.Forget(article.Id, ct);
        return article;
    }

    /// <summary>Keeps the number of comments where it is newer than what is known. Twice, late or out of order ends the same.</summary>
    public Task Count(Guid id, long count, long version, CancellationToken ct) => Articles.UpdateOneAsync(a => a.Id == id && a.CommentCountVersion < version,
        Builders<Article>.Update.Set(a => a.CommentCount, count).Set(a => a.CommentCountVersion, version), cancellationToken: ct);

    /// <summary>Takes an article into the group that its original is in, and out of its own; an original without a group gets one first, which does no harm alone.</summary>
    /// <returns>The article as linked.</returns>
    /// <exception cref="Problem">422 <c>article.unknownOriginal</c>: it was deleted meanwhile.</exception>
    public async Task<Article> Link(Article article, Article original, CancellationToken ct)
    {
        var fresh = Guid.CreateVersion7();
        // Two translations at once: one of them makes the group, and both read which.
        await Articles.UpdateOneAsync(a => a.Id == original.Id && a.TranslationGroup == null, Builders<Article>.Update.Set(a => a.TranslationGroup, fresh).Set(a => a.ChangedAt, clock.Now()), cancellationToken: ct);
        var group = (await _documents.Find(original.Id, ct))?.TranslationGroup ?? throw Problem.Rule("article.unknownOriginal", "There is no such article to translate.");
        return article.TranslationGroup == group ? article : await Regroup(article, group, ct);
    }

    /// <summary>Takes an article out of its translations; those stay linked with each other.</summary>
    public Task<Article> Unlink(Article article, CancellationToken ct) => article.TranslationGroup is null ? Task.FromResult(article) : Regroup(article, null, ct);

    /// <summary>The other articles of a translation group, in any status.</summary>
    public Task<List<Guid>> Siblings(Guid group, Guid id, CancellationToken ct) =>
        Articles.Find(Filter.Eq(a => a.TranslationGroup, group) & HasTranslations & Filter.Ne(a => a.Id, id)).Project(a => a.Id).ToListAsync(ct);

    /// <summary>The published articles of these translation groups, by group; no read where there is no group.</summary>
    public async Task<ILookup<Guid, TranslationView>> Translations(IReadOnlyCollection<Guid> groups, CancellationToken ct)
    {
        if (groups.Count == 0) return Array.Empty<TranslationView>().ToLookup(_ => Guid.Empty);
        var found = await Articles.Find(Filter.In(a => a.TranslationGroup, groups.Cast<Guid?>()) & HasTranslations & Filter.Eq(a => a.Status, ArticleStatus.Published))
            .SortBy(a => a.PublishedAt).Project(a => new { a.TranslationGroup, a.Content.Language, a.Id, a.Slug }).ToListAsync(ct);
        return found.ToLookup(a => a.TranslationGroup!.Value, a => new TranslationView(a.Language, a.Id, a.Slug));
    }

    /// <summary>Scheduled articles whose time has come, the longest due first.</summary>
    /// <param name="after">The last one of the page before, or null.</param>
    public Task<List<Article>> Due(DateTimeOffset now, Article? after, int limit, CancellationToken ct)
    {
        var due = Filter.Eq(a => a.Status, ArticleStatus.Scheduled) & Filter.Lte(a => a.PublishAt, now);
        if (after is not null) due &= Filter.Gte(a => a.PublishAt, after.PublishAt) & (Filter.Gt(a => a.PublishAt, after.PublishAt) | Filter.Gt(a => a.Id, after.Id));
        return Articles.Find(due).SortBy(a => a.PublishAt).ThenBy(a => a.Id).Limit(limit).ToListAsync(ct);
    }

    /// <param name="slugs">All that the category has, or had.</param>
    public Task<bool> UsesCategory(IEnumerable<string> slugs, CancellationToken ct) => Articles.Find(Builders<Article>.Filter.AnyIn(a => a.Content.Categories, slugs)).Limit(1).AnyAsync(ct);

    /// <param name="slugs">All that the author has, or had.</param>
    public Task<bool> UsesAuthor(IEnumerable<string> slugs, CancellationToken ct) => Articles.Find(Builders<Article>.Filter.AnyIn(a => a.Content.Authors, slugs)).Limit(1).AnyAsync(ct);

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _documents.CreateOutboxIndex(ct);
        var keys = Builders<Article>.IndexKeys;
        await Articles.Indexes.CreateManyAsync(
        [
            // An article by its slug, current or old; and no slug belongs to two.
            new(keys.Ascending(a => a.Slugs), new CreateIndexOptions { Name = "slugs", Unique = true }),
            // What is due; holds scheduled articles only, so that asking four times a second costs nothing.
            new(keys.Ascending(a => a.Status).Ascending(a => a.PublishAt).Ascending(a => a.Id), new CreateIndexOptions<Article> { Name = "due_next", PartialFilterExpression = Builders<Article>.Filter.Eq(a => a.Status, ArticleStatus.Scheduled) }),
            // Translations of an article; holds only those that have one.
            new(keys.Ascending(a => a.TranslationGroup), new CreateIndexOptions<Article> { Name = "translations", PartialFilterExpression = HasTranslations }),
        ], ct);
    }

    private async Task<Article?> Known(FilterDefinition<Article> which, CurrentUser user, CancellationToken ct) => await Articles.Find(which & KnownTo(user)).FirstOrDefaultAsync(ct);

    /// <summary>What a caller may not know of is not read at all: it answers as what does not exist, and as soon.</summary>
    /// <remarks>By the statuses that are left out: those that are let in would lead the planner to the index of statuses.</remarks>
    private static FilterDefinition<Article> KnownTo(CurrentUser user) =>
        user.IsEditor ? Filter.Empty : user.IsWriter ? Filter.Nin(a => a.Status, Unpublished) | Filter.Eq(a => a.CreatedBy, user.Id) : Filter.Nin(a => a.Status, Unpublished);

    /// <summary>One write, which also tells whose pages change: those of the group it comes to, and of the one it leaves.</summary>
    private async Task<Article> Regroup(Article article, Guid? group, CancellationToken ct)
    {
        Guid?[] groups = [group, article.TranslationGroup];
        var others = await Articles.Find(Filter.In(a => a.TranslationGroup, groups.Where(g => g is not null)) & HasTranslations & Filter.Ne(a => a.Id, article.Id)).Project(a => a.Id).ToListAsync(ct);
        return await _documents.Update(Filter.Eq(a => a.Id, article.Id), Builders<Article>.Update.Set(a => a.TranslationGroup, group).Set(a => a.ChangedAt, clock.Now()),
            [new TranslationsChanged { ArticleId = article.Id, Translations = others }], ct) ?? throw Problem.NotFound("article");
    }

    private async Task<Article> WithFreeSlug(string slug, bool given, Func<string, Task<Article>> write, CancellationToken ct)
    {
        // Within this replica one writer of a slug after the other: the index would sort them out too, but slowly where many meet.
        var place = (uint)slug.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length;
        await _turns[place].WaitAsync(ct);
        try
        {
            // Many articles of one title at once: each goes on where the one before it came out.
            var last = _taken[place] is { } taken && !given && taken.Slug == slug && Environment.TickCount64 - taken.At < 2000 ? taken.Number : 0;
            var (article, number) = await TakeFreeSlug(slug, given, last + 1, write, ct);
            _taken[place] = number > 1 ? new(slug, number, Environment.TickCount64) : null;
            return article;
        }
        finally
        {
            _turns[place].Release();
        }
    }

    /// <param name="number">To begin with; 1 is the slug as it is.</param>
    private async Task<(Article Article, int Number)> TakeFreeSlug(string slug, bool given, int number, Func<string, Task<Article>> write, CancellationToken ct)
    {
        for (var first = true; ; first = false)
        {
            try
            {
                return (await write(number == 1 ? slug : Slug.Numbered(slug, number)), number);
            }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
            {
                if (given) throw SlugTaken();
            }
            catch (Problem e) when (!given && e.Code == SlugTakenCode) { }
            number = first ? await FirstFree(slug, ct) : number + 1;
        }
    }

    /// <summary>The lowest number that no slug has: from 2 on, by one read of the index. Writers at the same moment find the same one; the loser tries the next.</summary>
    private async Task<int> FirstFree(string slug, CancellationToken ct)
    {
        var stem = Slug.Numbered(slug, 2)[..^1];
        var filter = new BsonDocument("slugs", new BsonDocument { ["$gte"] = stem + "0", ["$lt"] = stem + ":" });   // ':' follows '9'
        var taken = await Articles.Find(filter).Project(a => a.Slugs).ToListAsync(ct);
        var numbers = taken.SelectMany(s => s).Where(s => s.StartsWith(stem, StringComparison.Ordinal)).Select(s => s[stem.Length..]).ToHashSet();
        return Enumerable.Range(2, int.MaxValue - 2).First(n => !numbers.Contains(n.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Whether searches may know it: they must hear of its next state.</summary>
    private static bool IsSearched(Article article) => article.Status is ArticleStatus.Published or ArticleStatus.Withdrawn;

    private const string SlugTakenCode = "article.slugTaken";

    private static Problem SlugTaken() => Problem.Conflict(SlugTakenCode, "Another article has, or had, this slug.");
}
