using Platform.ServiceDefaults;

namespace Platform.Articles;

public enum ArticleStatus
{
    Draft,
    InReview,
    Scheduled,
    Published,
    Withdrawn,
}

/// <summary>What made a version of an article.</summary>
public enum RevisionAction
{
    Created,
    Edited,
    Submitted,
    Returned,
    Scheduled,
    Published,
    Corrected,
    Withdrawn,
    Restored,
}

/// <summary>A note to readers on what was wrong.</summary>
/// <param name="Note">Plain text, at most 1,000 characters.</param>
public sealed record Correction(DateTimeOffset At, string Note);

/// <summary>
/// An article and its rules. Each change is pure: it asks <see cref="Workflow"/> whether it may be, and gives the next state with the next version,
/// or throws a <see cref="Problem"/>; what the world is told of it follows from both states (<see cref="ArticleMessages"/>).
/// </summary>
public sealed record Article : IDocument
{
    /// <summary>How far ahead an article may be scheduled, in years.</summary>
    public const int MaxYearsAhead = 2;

    public required Guid Id { get; init; }

    /// <summary>Counts changes of content and status; comment counts and translations do not raise it.</summary>
    public required long Version { get; init; }

    public required ArticleStatus Status { get; init; }
    public required ArticleContent Content { get; init; }

    /// <summary>The current slug.</summary>
    public required string Slug { get; init; }

    /// <summary>The current slug and all that readers have seen before; no two articles have one in common, by a unique index.</summary>
    public required IReadOnlyList<string> Slugs { get; init; }

    /// <summary>What subscribers are told of: 0 before the first publish, then 1, and one more with each correction that notifies.</summary>
    public int Edition { get; init; }

    /// <summary>When it becomes public; only while scheduled.</summary>
    public DateTimeOffset? PublishAt { get; init; }

    /// <summary>When it first became public.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }

    /// <summary>When and by whom this version was made.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    public required Guid UpdatedBy { get; init; }

    /// <summary>That person's name at the time; for the newsroom only.</summary>
    public string UpdatedByName { get; init; } = "";

    /// <summary>What made this version; and, where it was restored, from which version.</summary>
    public RevisionAction Action { get; init; }
    public long? RestoredFrom { get; init; }

    /// <summary>Why it was returned to its writer, or withdrawn; for the newsroom only.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Correction> Corrections { get; init; } = [];

    /// <summary>Where it was imported from, or null; and the addresses that it had there, by which readers still find it (see <see cref="Imports.Permalinks"/>).</summary>
    public Imports.ImportOrigin? Import { get; init; }
    public IReadOnlyList<string> Permalinks { get; init; } = [];

    /// <summary>Visible comments, and the version of that count. Owned by <see cref="ArticleStore.Count"/>, as nothing else writes it.</summary>
    public long CommentCount { get; init; }
    public long CommentCountVersion { get; init; }

    /// <summary>What an article and its translations have in common; null without translations. Owned by <see cref="ArticleStore.Link"/>.</summary>
    public Guid? TranslationGroup { get; init; }

    /// <summary>When something changed that readers' searches show; null before the first time. Every write of what is, or was, published sets it; see <see cref="Search.FollowArticles"/>.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    public static Article Draft(Guid id, ArticleContent content, string slug, CurrentUser user, DateTimeOffset now) => new()
    {
        Id = id,
        Version = 1,
        Status = ArticleStatus.Draft,
        Content = content,
        Slug = slug,
        Slugs = [slug],
        CreatedAt = now,
        CreatedBy = user.Id,
        UpdatedAt = now,
        UpdatedBy = user.Id,
        UpdatedByName = user.Name,
        Action = RevisionAction.Created,
    };

    /// <summary>Lets everyone see what is published, its writer and editors the rest.</summary>
    /// <exception cref="Problem">404; for readers of a withdrawn one 410 <c>article.withdrawn</c>.</exception>
    public Article For(CurrentUser user) => Allowed(ArticleAction.Read, user);

    /// <summary>Other content, and another slug where one is given.</summary>
    /// <returns>The article itself where nothing changes.</returns>
    public Article Edit(ArticleContent content, string? slug, CurrentUser user, DateTimeOffset now)
    {
        Workflow.Demand(this, ArticleAction.Edit, user);
        slug ??= Slug;
        return slug == Slug && content.ChangesFrom(Content).Count == 0 ? this : Named(slug).Next(RevisionAction.Edited, user, now) with { Content = content };
    }

    /// <summary>draft → inReview.</summary>
    public Article Submit(CurrentUser user, DateTimeOffset now) =>
        Allowed(ArticleAction.Submit, user).Next(RevisionAction.Submitted, user, now) with { Status = ArticleStatus.InReview, Reason = null };

    /// <summary>inReview or scheduled → draft.</summary>
    public Article Return(string? reason, CurrentUser user, DateTimeOffset now) =>
        Allowed(ArticleAction.Return, user).Next(RevisionAction.Returned, user, now) with { Status = ArticleStatus.Draft, PublishAt = null, Reason = reason };

    /// <summary>draft, inReview or scheduled → published; or → scheduled, also again, where the time lies ahead.</summary>
    /// <param name="at">Kept in whole milliseconds, rounded up: never before its time.</param>
    /// <exception cref="Problem">422 <c>article.wrongStatus</c>, <c>article.publishTimeInPast</c>, <c>article.publishTimeTooFar</c>.</exception>
    public Article Publish(DateTimeOffset? at, CurrentUser user, DateTimeOffset now)
    {
        Workflow.Demand(this, at is null ? ArticleAction.Publish : ArticleAction.Schedule, user);
        if (at is not { } time) return Public(user.Id, user.Name, now);
        if (time <= now) throw Problem.Rule("article.publishTimeInPast", "The time to publish at has passed.");
        if (time > now.AddYears(MaxYearsAhead)) throw Problem.Rule("article.publishTimeTooFar", $"At most {MaxYearsAhead} years ahead.");
        var whole = new DateTimeOffset((time.UtcTicks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        return Next(RevisionAction.Scheduled, user, now) with { Status = ArticleStatus.Scheduled, PublishAt = whole, Reason = null };
    }

    /// <summary>scheduled → published, when its time has come; in the name of who changed it last.</summary>
    /// <returns>Null while it is not due, or no longer scheduled.</returns>
    public Article? PublishIfDue(DateTimeOffset now) => Status == ArticleStatus.Scheduled && PublishAt <= now ? Public(UpdatedBy, UpdatedByName, now) : null;

    /// <summary>A published article gets a note to readers, and other content where something was wrong with it.</summary>
    /// <param name="notify">Starts a new edition: subscribers are told.</param>
    public Article Correct(ArticleContent content, string? slug, string note, bool notify, CurrentUser user, DateTimeOffset now) =>
        Allowed(ArticleAction.Correct, user).Named(slug ?? Slug).Next(RevisionAction.Corrected, user, now) with
        {
            Content = content,
            Corrections = [.. Corrections, new Correction(now, note)],
            Edition = notify ? Edition + 1 : Edition,
        };

    /// <summary>published → withdrawn, for ever.</summary>
    public Article Withdraw(string reason, CurrentUser user, DateTimeOffset now) =>
        Allowed(ArticleAction.Withdraw, user).Next(RevisionAction.Withdrawn, user, now) with { Status = ArticleStatus.Withdrawn, Reason = reason };

    /// <summary>The content of an earlier version once more, as an edit: status and corrections stay; a slug is what an edit would make of it.</summary>
    /// <param name="content">That of the earlier version, as far as what it refers to is still there.</param>
    public Article Restore(long version, ArticleContent content, string? slug, CurrentUser user, DateTimeOffset now) =>
        Allowed(ArticleAction.Restore, user).Named(slug ?? Slug).Next(RevisionAction.Restored, user, now) with { Content = content, RestoredFrom = version };

    /// <summary>The slug that an edit leads to: a given one; or, as long as nobody outside has seen it, a new one made from a new title where the old one was made from the old title.</summary>
    /// <returns>The slug to take, and whether it may be numbered; null to leave it.</returns>
    public (string Slug, bool Given)? SlugFor(string? given, ArticleContent content)
    {
        if (given is not null) return given == Slug ? null : (given, true);
        if (PublishedAt is not null || content.Title == Content.Title || !Text.Slug.IsMadeFrom(Slug, Content.Title)) return null;
        var made = Text.Slug.From(content.Title);
        return made.Length == 0 || Text.Slug.IsMadeFrom(Slug, content.Title) ? null : (made, false);
    }

    private Article Allowed(ArticleAction action, CurrentUser user)
    {
        Workflow.Demand(this, action, user);
        return this;
    }

    private Article Public(Guid by, string name, DateTimeOffset now) => Next(RevisionAction.Published, by, name, now) with
    {
        Status = ArticleStatus.Published,
        PublishAt = null,
        PublishedAt = now,
        Edition = Edition + 1,
        Reason = null,
    };

    private Article Named(string slug) => slug == Slug ? this : this with { Slug = slug, Slugs = PublishedAt is null ? [slug] : [.. Slugs.Where(s => s != slug), slug] };

    private Article Next(RevisionAction action, CurrentUser user, DateTimeOffset now) => Next(action, user.Id, user.Name, now);

    private Article Next(RevisionAction action, Guid by, string name, DateTimeOffset now) =>
        this with { Version = Version + 1, Action = action, RestoredFrom = null, UpdatedAt = now, UpdatedBy = by, UpdatedByName = name };
}
