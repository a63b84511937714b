using Platform.Contracts;

namespace Platform.Notifications;

/// <summary>What a mail says of an article, as the newest message told it; read when a mail is sent, so that mails say what is true then.</summary>
/// <param name="Id">The article.</param>
/// <param name="Version">Of the article; an older message changes nothing.</param>
public sealed record KnownArticle(Guid Id, long Version, bool Withdrawn, string Language, string? Kicker, string Title, string Summary, string? Section, string Url, bool Breaking)
{
    public static KnownArticle From(ArticlePublished m) => new(m.ArticleId, m.Version, false, m.Language, m.Kicker, m.Title, m.Summary, m.Section, m.Url, m.Breaking);
    public static KnownArticle From(ArticleUpdated m) => new(m.ArticleId, m.Version, false, m.Language, m.Kicker, m.Title, m.Summary, m.Section, m.Url, m.Breaking);
    public static KnownArticle From(ArticleCorrected m) => new(m.ArticleId, m.Version, false, m.Language, m.Kicker, m.Title, m.Summary, m.Section, m.Url, m.Breaking);

    /// <summary>Of a withdrawn article nothing is kept but that.</summary>
    public static KnownArticle From(ArticleWithdrawn m) => new(m.ArticleId, m.Version, true, "", null, "", "", null, "", false);
}
