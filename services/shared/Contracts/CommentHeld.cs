namespace Platform.Contracts;

/// <summary>A comment waits for a moderator: it is new and a rule has held it, or readers saw it until now and do no more.</summary>
/// <remarks>Carries neither its text nor anything of its author: readers must not see it. Where readers saw it before, <see cref="CommentRemoved"/> is told as well.</remarks>
public sealed record CommentHeld
{
    /// <inheritdoc cref="CommentPublished.CommentId"/>
    public required Guid CommentId { get; init; }

    /// <inheritdoc cref="CommentPublished.Version"/>
    public required long Version { get; init; }

    public required Guid ArticleId { get; init; }

    /// <summary>Names of the rules that hold it, such as <c>links</c>.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    public required DateTimeOffset HeldAt { get; init; }
}
