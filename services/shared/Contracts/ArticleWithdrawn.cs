namespace Platform.Contracts;

/// <summary>A published article was taken back, for ever: its page answers 410, its thread closes, what is unsent stops.</summary>
public sealed record ArticleWithdrawn
{
    /// <inheritdoc cref="ArticlePublished.ArticleId"/>
    public required Guid ArticleId { get; init; }

    /// <inheritdoc cref="ArticlePublished.Version"/>
    public required long Version { get; init; }

    /// <inheritdoc cref="ArticlePublished.Slug"/>
    public required string Slug { get; init; }

    /// <inheritdoc cref="ArticlePublished.Categories"/>
    public required IReadOnlyList<string> Categories { get; init; }

    public required DateTimeOffset WithdrawnAt { get; init; }
}
