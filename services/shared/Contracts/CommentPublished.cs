namespace Platform.Contracts;

/// <summary>A comment became visible to readers, at once or by a moderator's approval.</summary>
/// <remarks>Never carries the author's e-mail address, nor anything derived from it.</remarks>
public sealed record CommentPublished
{
    /// <summary>The comment (UUIDv7).</summary>
    public required Guid CommentId { get; init; }

    /// <summary>The comment's version when this became true.</summary>
    public required long Version { get; init; }

    public required Guid ArticleId { get; init; }

    /// <summary>The comment it replies to, or null at the top of the thread.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>The name the author gave, plain text.</summary>
    public required string Name { get; init; }

    /// <summary>Plain text with line breaks.</summary>
    public required string Body { get; init; }

    /// <summary>Whether a member of the newsroom wrote it.</summary>
    public required bool Staff { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
