namespace Platform.Contracts;

/// <summary>How many readers react to a comment now.</summary>
public sealed record CommentReactionsCounted
{
    /// <summary>The comment (UUIDv7).</summary>
    public required Guid CommentId { get; init; }

    public required Guid ArticleId { get; init; }

    /// <summary>Version of the count, not of the comment: the highest one holds, whatever order they come in.</summary>
    public required long Version { get; init; }

    /// <summary>Readers who like it, exact at that version.</summary>
    public required long Like { get; init; }
}
