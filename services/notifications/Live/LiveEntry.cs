using System.Text.Json;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Live;

/// <summary>An article in the log that live streams are read from.</summary>
/// <param name="Id">Counts up by one; the id of the event.</param>
/// <param name="ArticleId">Unique: an article is new once.</param>
/// <param name="Keys">See <see cref="Topics.KeysOfArticle"/>.</param>
/// <param name="Data">JSON; null once the article is withdrawn, which nobody is shown.</param>
/// <param name="PurgeAt">When it goes by itself.</param>
public sealed record LiveEntry(long Id, Guid ArticleId, IReadOnlyList<string> Keys, string? Data, DateTimeOffset PurgeAt)
{
    /// <summary>How far back a stream can be resumed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    /// <summary>As readers see it; names as in the public contract.</summary>
    private sealed record ArticleData(Guid Id, long Version, string Language, string? Kicker, string Title, string Summary, string Slug, string Url, IReadOnlyList<string> Categories, IReadOnlyList<string> Tags, IReadOnlyList<string> Authors,
        bool Breaking, DateTimeOffset PublishedAt);

    /// <summary>Not numbered yet.</summary>
    public static LiveEntry Of(ArticlePublished m, DateTimeOffset now) => new(0, m.ArticleId, Topics.KeysOfArticle(m.Language, m.CategoryTree, [.. m.Tags, .. m.FormerTags ?? []], [.. m.Authors, .. m.FormerAuthors ?? []]),
        JsonSerializer.Serialize(new ArticleData(m.ArticleId, m.Version, m.Language, m.Kicker, m.Title, m.Summary, m.Slug, m.Url, m.Categories, m.Tags, m.Authors, m.Breaking, m.PublishedAt), StrictJson.Options), now + Kept);

    /// <summary>Keeps the place of an article that was withdrawn before it was heard of.</summary>
    public static LiveEntry Withdrawn(Guid article, DateTimeOffset now) => new(0, article, [], null, now + Kept);
}
