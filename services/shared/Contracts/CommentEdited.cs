namespace Platform.Contracts;

/// <summary>The author changed a visible comment within the edit window.</summary>
public sealed record CommentEdited
{
    /// <inheritdoc cref="CommentPublished.CommentId"/>
    public required Guid CommentId { get; init; }

    /// <inheritdoc cref="CommentPublished.Version"/>
    public required long Version { get; init; }

    public required Guid ArticleId { get; init; }

    /// <inheritdoc cref="CommentPublished.Body"/>
    public required string Body { get; init; }

    public required DateTimeOffset EditedAt { get; init; }
}
