namespace Platform.Contracts;

/// <summary>A published article was corrected, with a note that readers see.</summary>
/// <remarks>Carries the whole public state, so that a reaction which missed earlier messages catches up with this one alone.</remarks>
public sealed record ArticleCorrected
{
    /// <inheritdoc cref="ArticlePublished.ArticleId"/>
    public required Guid ArticleId { get; init; }

    /// <inheritdoc cref="ArticlePublished.Version"/>
    public required long Version { get; init; }

    /// <inheritdoc cref="ArticlePublished.Edition"/>
    public required int Edition { get; init; }

    /// <inheritdoc cref="ArticlePublished.Language"/>
    public required string Language { get; init; }

    /// <inheritdoc cref="ArticlePublished.Title"/>
    public required string Title { get; init; }

    /// <inheritdoc cref="ArticlePublished.Kicker"/>
    public string? Kicker { get; init; }

    /// <inheritdoc cref="ArticlePublished.Summary"/>
    public required string Summary { get; init; }

    /// <inheritdoc cref="ArticlePublished.Slug"/>
    public required string Slug { get; init; }

    /// <inheritdoc cref="ArticlePublished.Url"/>
    public required string Url { get; init; }

    /// <inheritdoc cref="ArticlePublished.Categories"/>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <inheritdoc cref="ArticlePublished.CategoryTree"/>
    public required IReadOnlyList<string> CategoryTree { get; init; }

    /// <summary>Categories the article was in before this change and is in no more: their pages change too.</summary>
    public required IReadOnlyList<string> CategoriesLeft { get; init; }

    /// <inheritdoc cref="ArticlePublished.Section"/>
    public string? Section { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <inheritdoc cref="ArticlePublished.Authors"/>
    public required IReadOnlyList<string> Authors { get; init; }

    public required bool Breaking { get; init; }

    /// <inheritdoc cref="ArticlePublished.CommentsOpen"/>
    public required bool CommentsOpen { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    public required DateTimeOffset CorrectedAt { get; init; }

    /// <summary>What was wrong, as readers see it; plain text.</summary>
    public required string Note { get; init; }

    /// <summary>Whether subscribers are told: then <see cref="Edition"/> is a new one, for all who match, as with a new article.</summary>
    public required bool Notify { get; init; }

    /// <summary>Names of the fields that changed, as in the public contract, such as <c>title</c>.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    /// <inheritdoc cref="ArticlePublished.FormerAuthors"/>
    public IReadOnlyList<string>? FormerAuthors { get; init; }

    /// <inheritdoc cref="ArticlePublished.FormerTags"/>
    public IReadOnlyList<string>? FormerTags { get; init; }

    /// <summary>As <see cref="ArticlePublished.Text"/>; null where subscribers are not told.</summary>
    public string? Text { get; init; }
}
