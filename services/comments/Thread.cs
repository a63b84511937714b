using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>What Comments knows of an article: a copy, fed by Articles' messages, as new as its <see cref="Version"/>.</summary>
/// <param name="Version">The article's; what is older is ignored.</param>
/// <param name="CommentsOpen">Whether the editor lets readers comment.</param>
/// <param name="Withdrawn">For ever: the thread is hidden.</param>
public sealed record KnownArticle(long Version, string Language, string Title, string Url, bool CommentsOpen, DateTimeOffset PublishedAt, bool Withdrawn);

/// <summary>A change of this thread's comments is under way, or a crash has cut it short: it must be counted again.</summary>
public sealed record DueCount(Guid Id, DateTimeOffset At);

/// <summary>The comments of one article, as a whole. Its id is the article's.</summary>
public sealed record Thread : IDocument
{
    public required Guid Id { get; init; }

    /// <summary>Of the count: each count raises it.</summary>
    public long Version { get; init; }

    /// <summary>Comments that readers see, replies included; exact once <see cref="Due"/> is empty.</summary>
    public long Count { get; init; }

    public IReadOnlyList<DueCount> Due { get; init; } = [];
    public required KnownArticle Article { get; init; }

    /// <summary>A moderator's word on whether it is open, or null: then the rules decide.</summary>
    public bool? Override { get; init; }

    /// <summary>Everything that was written on it until then is to be gone, also where an older backup brings it back.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Whether readers may know of it.</summary>
    public bool IsVisible => !Article.Withdrawn;

    /// <summary>Whether comments are taken: the moderator's word, else the editor's and the age of the article.</summary>
    public bool IsOpen(ModerationSettings settings, DateTimeOffset now) => IsVisible
        && (Override ?? (Article.CommentsOpen && (settings.CloseAfterDays == 0 || now < Article.PublishedAt.AddDays(settings.CloseAfterDays))));
}
