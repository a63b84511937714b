namespace Platform.Contracts;

/// <summary>A comment that readers could see is hidden: deleted by its author, or rejected by a moderator.</summary>
public sealed record CommentRemoved
{
    /// <inheritdoc cref="CommentPublished.CommentId"/>
    public required Guid CommentId { get; init; }

    /// <inheritdoc cref="CommentPublished.Version"/>
    public required long Version { get; init; }

    public required Guid ArticleId { get; init; }

    public required DateTimeOffset RemovedAt { get; init; }
}
