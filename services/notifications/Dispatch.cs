using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

public enum DispatchPhase
{
    /// <summary>Walks the matching subscriptions and writes them into the ledger, page by page; what is written is being sent already.</summary>
    Planning,

    /// <summary>All of the pages are known; some are on their way, or wait for another try.</summary>
    Sending,

    /// <summary>Every delivery is settled.</summary>
    Done,
}

/// <summary>How many deliveries of a dispatch are in which state.</summary>
/// <param name="Open">Neither of the others: planned, being sent, or waiting for another try.</param>
public sealed record Counts(long Sent, long Failed, long Uncertain, long Suppressed, long Open)
{
    public static readonly Counts None = new(0, 0, 0, 0, 0);

    public long Settled => Sent + Failed + Uncertain + Suppressed;
}

/// <summary>One edition of one article on its way to all subscribers whose topics match; there is one per article and edition.</summary>
/// <param name="Keys">What the article matches by; see <see cref="Topics.KeysOfArticle"/>.</param>
/// <param name="Note">What a correction says to readers; null for a first edition.</param>
/// <param name="Step">What is being walked through: first, for a correction, the ledger of each of <paramref name="Follows"/>, then the subscribers of each of <paramref name="Keys"/>; last, for a correction, the digests that showed the article.</param>
/// <param name="Position">The last row or subscription of that which was planned: a crash goes on after it.</param>
/// <param name="Pages">Pages planned so far.</param>
/// <param name="Matched">Subscriptions planned so far; exact from the end of the planning on.</param>
/// <param name="Counts">Exact once done; before, the ledger is counted when somebody asks.</param>
/// <param name="Planner">The process that plans, until <paramref name="PlannerUntil"/>; then anyone may go on.</param>
/// <param name="ArticleVersion">Of a correction: who got an older one, got it wrong.</param>
/// <param name="Follows">Of a correction: the dispatches of the editions before, whose readers it follows.</param>
/// <param name="PublishedAt">When the edition became public.</param>
/// <param name="ChangedAt">When this was written last; the store says so.</param>
public sealed record Dispatch(Guid Id, long Version, Guid ArticleId, int Edition, string Language, IReadOnlyList<string> Keys, string? Note,
    DispatchPhase Phase, Guid Position, int Pages, long Matched, Counts Counts, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, Guid Planner, DateTimeOffset PlannerUntil,
    bool? Breaking = null, DateTimeOffset? PublishedAt = null, int? Step = null, long? ArticleVersion = null, IReadOnlyList<Guid>? Follows = null, DateTimeOffset? ChangedAt = null) : IDocument
{
    public const int PageSize = 500;

    /// <summary>How long a planner that falls silent keeps others away.</summary>
    public static readonly TimeSpan PlannerLease = TimeSpan.FromSeconds(10);

    /// <param name="keywords">Keys of the keywords that it holds; see <see cref="KeywordIndex"/>.</param>
    public static Dispatch Of(ArticlePublished article, Guid planner, DateTimeOffset now, IReadOnlyList<string>? keywords = null) => Start(article.ArticleId, article.Edition, article.Language,
        [.. Topics.KeysOfArticle(article.Language, article.CategoryTree, [.. article.Tags, .. article.FormerTags ?? []], [.. article.Authors, .. article.FormerAuthors ?? []]), .. keywords ?? []], null, planner, now) with
    {
        Breaking = article.Breaking ? true : null,
        PublishedAt = article.PublishedAt,
    };

    /// <inheritdoc cref="Of(ArticlePublished, Guid, DateTimeOffset, IReadOnlyList{string})"/>
    /// <param name="follows">The dispatches of the editions before.</param>
    public static Dispatch Of(ArticleCorrected article, Guid planner, DateTimeOffset now, IReadOnlyList<string>? keywords = null, IReadOnlyList<Guid>? follows = null) => Start(article.ArticleId, article.Edition, article.Language,
        [.. Topics.KeysOfArticle(article.Language, article.CategoryTree, [.. article.Tags, .. article.FormerTags ?? []], [.. article.Authors, .. article.FormerAuthors ?? []]), .. keywords ?? []], article.Note, planner, now) with
    {
        Breaking = article.Breaking ? true : null,
        PublishedAt = article.CorrectedAt,
        ArticleVersion = article.Version,
        Follows = follows is { Count: > 0 } ? follows : null,
    };

    /// <summary>
    /// A run of digests: all that are planned within one hour of UTC. It has no article, and the hour for an edition; what each digest tells of stands in its row.
    /// It is done whenever all of its rows are settled, and goes on when more come.
    /// </summary>
    public static Dispatch OfDigests(DateTimeOffset now) => Start(Guid.Empty, HourOf(now), "", [], null, Guid.Empty, now) with { Phase = DispatchPhase.Sending };

    /// <summary>The edition of the run of digests to which this moment belongs.</summary>
    public static int HourOf(DateTimeOffset now) => (int)(now.ToUnixTimeSeconds() / 3600);

    public bool IsOfDigests => ArticleId == Guid.Empty;

    /// <summary>After a page of digests was written into the ledger.</summary>
    public Dispatch PlannedDigests(int count) => this with { Version = Version + 1, Phase = DispatchPhase.Sending, FinishedAt = null, Pages = Pages + 1, Matched = Matched + count };

    /// <summary>How many steps its planning has; see <see cref="Step"/>.</summary>
    public int Steps => (Follows?.Count ?? 0) + Keys.Count + (Follows is null ? 0 : 1);

    /// <summary>After pages were written into the ledger.</summary>
    /// <param name="count">Rows of the pages; none where nobody new was found up to this position.</param>
    public Dispatch Planned(int count, int pages, int step, Guid position, DateTimeOffset now) => this with
    {
        Version = Version + 1,
        Step = step,
        Position = position,
        Pages = Pages + pages,
        Matched = Matched + count,
        PlannerUntil = now + PlannerLease,
    };

    /// <summary>No more subscriptions match.</summary>
    /// <param name="matched">Deliveries in the ledger.</param>
    public Dispatch PlanningOver(long matched) => this with { Version = Version + 1, Phase = DispatchPhase.Sending, Matched = matched };

    /// <summary>Every delivery is settled; or, done already, one was settled otherwise later.</summary>
    public Dispatch Finish(Counts counts, DateTimeOffset now) => this with { Version = Version + 1, Phase = DispatchPhase.Done, Matched = counts.Settled, Counts = counts, FinishedAt = FinishedAt ?? now };

    /// <summary>A delivery that was settled is sent again by hand.</summary>
    public Dispatch Reopen() => this with { Version = Version + 1, Phase = DispatchPhase.Sending, FinishedAt = null };

    /// <summary>Whole seconds until the last delivery at the pace so far; 0 when done, null where nothing can be said yet.</summary>
    /// <param name="lastRetry">When the last delivery that waits is tried again; null where none waits.</param>
    public long? Eta(Counts counts, DateTimeOffset? lastRetry, DateTimeOffset now)
    {
        if (Phase == DispatchPhase.Done) return 0;
        var left = Math.Max(Matched - counts.Settled, counts.Open);
        if (left == 0) return Phase == DispatchPhase.Planning ? null : 0;
        double? seconds = counts.Settled == 0 ? null : left * (now - StartedAt).TotalSeconds / counts.Settled;
        if (lastRetry is { } retry) seconds = Math.Max(seconds ?? 0, (retry - now).TotalSeconds);
        return seconds is { } known ? (long)Math.Ceiling(Math.Max(0, known)) : null;
    }

    private static Dispatch Start(Guid article, int edition, string language, IReadOnlyList<string> keys, string? note, Guid planner, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), 1, article, edition, language, keys, note, DispatchPhase.Planning, Guid.Empty, 0, 0, Counts.None, now, null, planner, now + PlannerLease);
}
