using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles;

/// <summary>A category or author of an article, by its name in the article's language.</summary>
public sealed record NamedView(string Slug, string Name);

/// <param name="Url">Of the widest variant, as WebP; the same address with <c>.jpeg</c>, and with the other widths of the picture, is there too.</param>
public sealed record LeadImageView(Guid Id, string? Alt, string? Caption, string? Credit, string Url);

/// <summary>Another language's version of an article.</summary>
public sealed record TranslationView(string Language, Guid Id, string Slug);

/// <summary>An article as the public contract has it.</summary>
public record ArticleView
{
    public required Guid Id { get; init; }

    /// <summary>The ETag; counts changes of content and status.</summary>
    public required long Version { get; init; }
    public required ArticleStatus Status { get; init; }
    public required string Language { get; init; }

    /// <summary><c>rtl</c> or <c>ltr</c>.</summary>
    public required Direction Direction { get; init; }
    public required string? Kicker { get; init; }
    public required string Title { get; init; }
    public required string Summary { get; init; }
    public required Dateline Dateline { get; init; }

    /// <summary>Sanitised HTML.</summary>
    public required string Body { get; init; }

    /// <summary>The body as plain text, blocks on lines of their own.</summary>
    public required string Text { get; init; }
    public required string Slug { get; init; }

    /// <summary>The article's page.</summary>
    public required string Url { get; init; }
    public required IReadOnlyList<NamedView> Categories { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }
    public required IReadOnlyList<NamedView> Authors { get; init; }
    public required LeadImageView? LeadImage { get; init; }
    public required bool Breaking { get; init; }
    public required bool CommentsOpen { get; init; }

    /// <summary>Visible comments; follows within a second or so.</summary>
    public required long CommentCount { get; init; }

    /// <summary>When it becomes public; only while scheduled.</summary>
    public required DateTimeOffset? PublishAt { get; init; }
    public required DateTimeOffset? PublishedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required IReadOnlyList<Correction> Corrections { get; init; }

    /// <summary>Published versions in other languages.</summary>
    public required IReadOnlyList<TranslationView> Translations { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }
}

/// <summary>Makes views of articles, under the names of the moment; authors and translations in one read each for a whole list.</summary>
public sealed class ArticleViews(Taxonomies taxonomies, ArticleStore articles, PlatformSettings settings)
{
    public async Task<ArticleView> Of(Article article, CancellationToken ct) => (await Of([article], ct))[0];

    public async Task<IReadOnlyList<ArticleView>> Of(IReadOnlyList<Article> list, CancellationToken ct)
    {
        var taxonomy = await taxonomies.Of(list.Select(a => a.Content), ct);
        var translations = await articles.Translations([.. list.Select(a => a.TranslationGroup).OfType<Guid>().Distinct()], ct);
        return [.. list.Select(a => Of(a, taxonomy, translations))];
    }

    private ArticleView Of(Article article, Taxonomy taxonomy, ILookup<Guid, TranslationView> translations)
    {
        var content = taxonomy.Renew(article.Content);
        return new ArticleView
        {
            Id = article.Id,
            Version = article.Version,
            Status = article.Status,
            Language = content.Language,
            Direction = Directions.Of(content.Language),
            Kicker = content.Kicker,
            Title = content.Title,
            Summary = content.Summary,
            Dateline = content.Dateline,
            Body = content.Body,
            Text = content.Text,
            Slug = article.Slug,
            Url = ArticleMessages.Url(article, settings),
            // A category or author that went away in the same moment is shown by its slug.
            Categories = [.. content.Categories.Select(c => new NamedView(c, taxonomy.Categories.Find(c)?.Name(content.Language, settings.Languages) ?? c))],
            Tags = content.Tags,
            Authors = [.. content.Authors.Select(a => new NamedView(a, taxonomy.Authors.GetValueOrDefault(a)?.Name(content.Language, settings.Languages) ?? a))],
            LeadImage = content.LeadImage is { } lead ? new LeadImageView(lead.Id, lead.Alt, lead.Caption, lead.Credit, settings.Public(lead.Path)) : null,
            Breaking = content.Breaking,
            CommentsOpen = content.CommentsOpen,
            CommentCount = article.CommentCount,
            PublishAt = article.PublishAt,
            PublishedAt = article.PublishedAt,
            UpdatedAt = article.UpdatedAt,
            Corrections = article.Corrections,
            Translations = article.TranslationGroup is { } group ? [.. translations[group].Where(t => t.Id != article.Id)] : [],
            CreatedAt = article.CreatedAt,
            CreatedBy = article.CreatedBy,
        };
    }
}
