using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>What the world is told of a change: a pure function of both states.</summary>
public static class ArticleMessages
{
    /// <summary>The messages that go with the write of <paramref name="after"/>; none while readers see neither state.</summary>
    /// <param name="taxonomy">Under the names of which all is told, however the article is filed.</param>
    /// <param name="siblings">Its translations, where it becomes public.</param>
    public static IReadOnlyList<object> Between(Article before, Article after, Taxonomy taxonomy, IReadOnlyList<Guid> siblings, PlatformSettings settings)
    {
        (before, after) = (taxonomy.Renew(before), taxonomy.Renew(after));
        return (before.Status, after.Status) switch
        {
            _ when before.Version == after.Version => [],
            (not ArticleStatus.Published, ArticleStatus.Published) => [Published(after, taxonomy, siblings, settings)],
            (ArticleStatus.Published, ArticleStatus.Withdrawn) => [Withdrawn(after)],
            (ArticleStatus.Published, ArticleStatus.Published) when after.Corrections.Count > before.Corrections.Count => [Corrected(before, after, taxonomy, settings)],
            (ArticleStatus.Published, ArticleStatus.Published) => [Updated(before, after, taxonomy, settings)],
            _ => [],
        };
    }

    /// <summary>The article's page: under its language, except for the site's own.</summary>
    public static string Url(Article article, PlatformSettings settings) =>
        settings.Public((article.Content.Language == settings.Languages[0] ? "" : "/" + article.Content.Language) + "/articles/" + article.Slug);

    private static ArticlePublished Published(Article article, Taxonomy taxonomy, IReadOnlyList<Guid> siblings, PlatformSettings settings) => new()
    {
        ArticleId = article.Id,
        Version = article.Version,
        Edition = article.Edition,
        Language = article.Content.Language,
        Title = article.Content.Title,
        Kicker = article.Content.Kicker,
        Summary = article.Content.Summary,
        Slug = article.Slug,
        Url = Url(article, settings),
        Categories = article.Content.Categories,
        CategoryTree = taxonomy.Categories.WithParents(article.Content.Categories),
        Section = Section(article, taxonomy.Categories, settings),
        Tags = article.Content.Tags,
        Authors = article.Content.Authors,
        Breaking = article.Content.Breaking,
        CommentsOpen = article.Content.CommentsOpen,
        PublishedAt = article.PublishedAt!.Value,
        FormerAuthors = taxonomy.FormerAuthors(article.Content),
        FormerTags = taxonomy.FormerTags(article.Content),
        Translations = siblings,
        Text = Start(article.Content.Text),
    };

    private static ArticleUpdated Updated(Article before, Article after, Taxonomy taxonomy, PlatformSettings settings) => new()
    {
        ArticleId = after.Id,
        Version = after.Version,
        Edition = after.Edition,
        Language = after.Content.Language,
        Title = after.Content.Title,
        Kicker = after.Content.Kicker,
        Summary = after.Content.Summary,
        Slug = after.Slug,
        Url = Url(after, settings),
        Categories = after.Content.Categories,
        CategoryTree = taxonomy.Categories.WithParents(after.Content.Categories),
        CategoriesLeft = Left(before, after),
        Section = Section(after, taxonomy.Categories, settings),
        Tags = after.Content.Tags,
        Authors = after.Content.Authors,
        Breaking = after.Content.Breaking,
        CommentsOpen = after.Content.CommentsOpen,
        PublishedAt = after.PublishedAt!.Value,
        UpdatedAt = after.UpdatedAt,
        FormerAuthors = taxonomy.FormerAuthors(after.Content),
        FormerTags = taxonomy.FormerTags(after.Content),
    };

    private static ArticleCorrected Corrected(Article before, Article after, Taxonomy taxonomy, PlatformSettings settings) => new()
    {
        ArticleId = after.Id,
        Version = after.Version,
        Edition = after.Edition,
        Language = after.Content.Language,
        Title = after.Content.Title,
        Kicker = after.Content.Kicker,
        Summary = after.Content.Summary,
        Slug = after.Slug,
        Url = Url(after, settings),
        Categories = after.Content.Categories,
        CategoryTree = taxonomy.Categories.WithParents(after.Content.Categories),
        CategoriesLeft = Left(before, after),
        Section = Section(after, taxonomy.Categories, settings),
        Tags = after.Content.Tags,
        Authors = after.Content.Authors,
        Breaking = after.Content.Breaking,
        CommentsOpen = after.Content.CommentsOpen,
        PublishedAt = after.PublishedAt!.Value,
        CorrectedAt = after.UpdatedAt,
        Note = after.Corrections[^1].Note,
        Notify = after.Edition > before.Edition,
        FormerAuthors = taxonomy.FormerAuthors(after.Content),
        FormerTags = taxonomy.FormerTags(after.Content),
        Changed = [.. after.Content.ChangesFrom(before.Content), .. after.Slug == before.Slug ? Array.Empty<string>() : ["slug"]],
        Text = after.Edition > before.Edition ? Start(after.Content.Text) : null,
    };

    private static ArticleWithdrawn Withdrawn(Article article) => new()
    {
        ArticleId = article.Id,
        Version = article.Version,
        Slug = article.Slug,
        Categories = article.Content.Categories,
        WithdrawnAt = article.UpdatedAt,
    };

    private static string Start(string text) => text.Length <= ArticlePublished.MaxText ? text : text[..(char.IsHighSurrogate(text[ArticlePublished.MaxText - 1]) ? ArticlePublished.MaxText - 1 : ArticlePublished.MaxText)];

    private static string[] Left(Article before, Article after) => [.. before.Content.Categories.Except(after.Content.Categories)];

    private static string? Section(Article article, CategoryTree tree, PlatformSettings settings) =>
        article.Content.Categories is [var first, ..] ? tree.Find(first)?.Name(article.Content.Language, settings.Languages) : null;
}
