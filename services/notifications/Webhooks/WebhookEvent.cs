using System.Text.Json;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Webhooks;

/// <summary>What webhooks are told: <c>{"type", "timestamp", "data"}</c> (Standard Webhooks, "thin" but complete enough to be shown).</summary>
/// <param name="Keys">What webhooks match by; see <see cref="Topics.KeysOfArticle"/>. Of a withdrawal, which does not tell them all, only those known from it.</param>
/// <param name="At">When it came to be.</param>
public sealed record WebhookEvent(Guid ArticleId, long Version, string Type, IReadOnlyList<string> Keys, DateTimeOffset At, string Body)
{
    public const string Published = "article.published", Updated = "article.updated", Corrected = "article.corrected", Withdrawn = "article.withdrawn";

    /// <summary>The article as readers see it, as far as its message tells; names as in the public contract.</summary>
    private sealed record ArticleData(Guid Id, long Version, string Language, string? Kicker, string Title, string Summary, string Slug, string Url, IReadOnlyList<string> Categories, IReadOnlyList<string> Tags,
        IReadOnlyList<string> Authors, bool Breaking, DateTimeOffset PublishedAt, DateTimeOffset? UpdatedAt = null, CorrectionData? Correction = null);

    /// <param name="Changed">Names of the fields.</param>
    private sealed record CorrectionData(DateTimeOffset At, string Note, IReadOnlyList<string> Changed);

    private sealed record WithdrawnData(Guid Id, long Version, string Slug, IReadOnlyList<string> Categories, DateTimeOffset WithdrawnAt);

    private sealed record Message<T>(string Type, DateTimeOffset Timestamp, T Data);

    public static WebhookEvent From(ArticlePublished m) => New(m.ArticleId, m.Version, Published,
        Topics.KeysOfArticle(m.Language, m.CategoryTree, [.. m.Tags, .. m.FormerTags ?? []], [.. m.Authors, .. m.FormerAuthors ?? []]), m.PublishedAt,
        new ArticleData(m.ArticleId, m.Version, m.Language, m.Kicker, m.Title, m.Summary, m.Slug, m.Url, m.Categories, m.Tags, m.Authors, m.Breaking, m.PublishedAt));

    public static WebhookEvent From(ArticleUpdated m) => New(m.ArticleId, m.Version, Updated,
        Topics.KeysOfArticle(m.Language, m.CategoryTree, [.. m.Tags, .. m.FormerTags ?? []], [.. m.Authors, .. m.FormerAuthors ?? []]), m.UpdatedAt,
        new ArticleData(m.ArticleId, m.Version, m.Language, m.Kicker, m.Title, m.Summary, m.Slug, m.Url, m.Categories, m.Tags, m.Authors, m.Breaking, m.PublishedAt, m.UpdatedAt));

    public static WebhookEvent From(ArticleCorrected m) => New(m.ArticleId, m.Version, Corrected,
        Topics.KeysOfArticle(m.Language, m.CategoryTree, [.. m.Tags, .. m.FormerTags ?? []], [.. m.Authors, .. m.FormerAuthors ?? []]), m.CorrectedAt,
        new ArticleData(m.ArticleId, m.Version, m.Language, m.Kicker, m.Title, m.Summary, m.Slug, m.Url, m.Categories, m.Tags, m.Authors, m.Breaking, m.PublishedAt, m.CorrectedAt, new(m.CorrectedAt, m.Note, m.Changed)));

    /// <param name="languages">PLATFORM_LANGUAGES: the message does not say which one the article had.</param>
    public static WebhookEvent From(ArticleWithdrawn m, IReadOnlyList<string> languages) => New(m.ArticleId, m.Version, Withdrawn,
        [.. languages.SelectMany(l => Topics.KeysOfArticle(l, m.Categories, [], []))], m.WithdrawnAt,
        new WithdrawnData(m.ArticleId, m.Version, m.Slug, m.Categories, m.WithdrawnAt));

    private static WebhookEvent New<T>(Guid article, long version, string type, IReadOnlyList<string> keys, DateTimeOffset at, T data) =>
        new(article, version, type, keys, at, JsonSerializer.Serialize(new Message<T>(type, at, data), StrictJson.Options));
}
