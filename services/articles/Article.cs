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

/// <summary>A note to readers on what was wrong.</summary>
/// <param name="Note">Plain text, at most 1,000 characters.</param>
public sealed record Correction(DateTimeOffset At, string Note);

/// <summary>
/// An article and its rules. Each change is pure: it gives the next state with the next version, or throws a <see cref="Problem"/>;
/// what the world is told of it follows from both states (<see cref="ArticleMessages"/>).
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

    /// <summary>Why it was returned to its writer, or withdrawn; for the newsroom only.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Correction> Corrections { get; init; } = [];

    /// <summary>Visible comments, and the version of that count. Owned by <see cref="ArticleStore.Count"/>, as nothing else writes it.</summary>
    public long CommentCount { get; init; }
    public long CommentCountVersion { get; init; }

    /// <summary>What an article and its translations have in common: the id of the one that was first; null without translations. Owned by <see cref="ArticleStore.Link"/>.</summary>
    public Guid? TranslationGroup { get; init; }

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
    };

    /// <summary>Whether the caller writes it or edits all.</summary>
    public bool IsInHandsOf(CurrentUser user) => user.IsEditor || (user.IsWriter && user.Id == CreatedBy);

    /// <summary>Lets everyone see what is published, its writer and editors the rest.</summary>
    /// <exception cref="Problem">404; for readers of a withdrawn one 410 <c>article.withdrawn</c>.</exception>
    public Article For(CurrentUser user)
    {
        if (Status == ArticleStatus.Published || IsInHandsOf(user)) return this;
        throw Status == ArticleStatus.Withdrawn ? Problem.Gone("article.withdrawn", "The article was withdrawn.") : Problem.NotFound("article");
    }

    /// <summary>Other content, and another slug where one is given. A writer may while it is a draft, an editor until it is withdrawn.</summary>
    /// <returns>The article itself where nothing changes.</returns>
    public Article Edit(ArticleContent content, string? slug, CurrentUser user, DateTimeOffset now)
    {
        MustBeEditableBy(user);
        slug ??= Slug;
        return slug == Slug && content.ChangesFrom(Content).Count == 0 ? this : Named(slug).Next(user.Id, now) with { Content = content };
    }

    /// <exception cref="Problem">403 not the caller's; 422 withdrawn.</exception>
    public void MustBeEditableBy(CurrentUser user)
    {
        if (!IsInHandsOf(user) || (!user.IsEditor && Status != ArticleStatus.Draft)) throw Problem.Forbidden("article.notYours", "Writers edit their own drafts; ask an editor.");
        Require(Status != ArticleStatus.Withdrawn, "A withdrawn article stays as it is.");
    }

    /// <summary>draft → inReview.</summary>
    public Article Submit(CurrentUser user, DateTimeOffset now)
    {
        if (!IsInHandsOf(user)) throw Problem.Forbidden("article.notYours", "Only its writer or an editor submits an article.");
        Require(Status == ArticleStatus.Draft, "Only a draft can be submitted.");
        return Next(user.Id, now) with { Status = ArticleStatus.InReview, Reason = null };
    }

    /// <summary>inReview or scheduled → draft.</summary>
    public Article Return(string? reason, CurrentUser user, DateTimeOffset now)
    {
        Require(Status is ArticleStatus.InReview or ArticleStatus.Scheduled, "Only what is in review or scheduled can be returned.");
        return Next(user.Id, now) with { Status = ArticleStatus.Draft, PublishAt = null, Reason = reason };
    }

    /// <summary>draft, inReview or scheduled → published; or → scheduled, also again, where the time lies ahead.</summary>
    /// <exception cref="Problem">422 <c>article.wrongStatus</c>, <c>article.publishTimeInPast</c>, <c>article.publishTimeTooFar</c>.</exception>
    public Article Publish(DateTimeOffset? at, CurrentUser user, DateTimeOffset now)
    {
        Require(Status is ArticleStatus.Draft or ArticleStatus.InReview or ArticleStatus.Scheduled, "It is published already, or withdrawn.");
        if (at is not { } time) return Public(user.Id, now);
        if (time <= now) throw Problem.Rule("article.publishTimeInPast", "The time to publish at has passed.");
        if (time > now.AddYears(MaxYearsAhead)) throw Problem.Rule("article.publishTimeTooFar", $"At most {MaxYearsAhead} years ahead.");
        return Next(user.Id, now) with { Status = ArticleStatus.Scheduled, PublishAt = time, Reason = null };
    }

    /// <summary>scheduled → published, when its time has come; in the name of who scheduled it.</summary>
    /// <returns>Null while it is not due, or no longer scheduled.</returns>
    public Article? PublishIfDue(DateTimeOffset now) => Status == ArticleStatus.Scheduled && PublishAt <= now ? Public(UpdatedBy, now) : null;

    /// <summary>A published article gets a note to readers, and other content where something was wrong with it.</summary>
    /// <param name="notify">Starts a new edition: subscribers are told.</param>
    public Article Correct(ArticleContent content, string? slug, string note, bool notify, CurrentUser user, DateTimeOffset now)
    {
        Require(Status == ArticleStatus.Published, "Only a published article can be corrected.");
        return Named(slug ?? Slug).Next(user.Id, now) with { Content = content, Corrections = [.. Corrections, new Correction(now, note)], Edition = notify ? Edition + 1 : Edition };
    }

    /// <summary>published → withdrawn, for ever.</summary>
    public Article Withdraw(string reason, CurrentUser user, DateTimeOffset now)
    {
        Require(Status == ArticleStatus.Published, "Only a published article can be withdrawn.");
        return Next(user.Id, now) with { Status = ArticleStatus.Withdrawn, Reason = reason };
    }

    /// <exception cref="Problem">422 where readers have seen it: such an article is withdrawn, not deleted.</exception>
    public void MustNeverHaveBeenPublic() => Require(PublishedAt is null, "What was published is withdrawn, not deleted.");

    /// <summary>The slug that an edit leads to: a given one; or, as long as nobody outside has seen it, a new one made from a new title where the old one was made from the old title.</summary>
    /// <returns>The slug to take, and whether it may be numbered; null to leave it.</returns>
    public (string Slug, bool Given)? SlugFor(string? given, ArticleContent content)
    {
        if (given is not null) return given == Slug ? null : (given, true);
        if (PublishedAt is not null || content.Title == Content.Title || !Text.Slug.IsMadeFrom(Slug, Content.Title)) return null;
        var made = Text.Slug.From(content.Title);
        return made.Length == 0 || Text.Slug.IsMadeFrom(Slug, content.Title) ? null : (made, false);
    }

    private Article Public(Guid user, DateTimeOffset now) =>
        Next(user, now) with { Status = ArticleStatus.Published, PublishAt = null, PublishedAt = now, Edition = Edition + 1, Reason = null };

    private Article Named(string slug) => slug == Slug ? this : this with { Slug = slug, Slugs = PublishedAt is null ? [slug] : [.. Slugs.Where(s => s != slug), slug] };

    private Article Next(Guid user, DateTimeOffset now) => this with { Version = Version + 1, UpdatedAt = now, UpdatedBy = user };

    private static void Require(bool rightStatus, string otherwise)
    {
        if (!rightStatus) throw Problem.Rule("article.wrongStatus", otherwise);
    }
}
