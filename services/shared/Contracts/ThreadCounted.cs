namespace Platform.Contracts;

/// <summary>How many visible comments an article has now, replies included.</summary>
public sealed record ThreadCounted
{
    public required Guid ArticleId { get; init; }

    /// <summary>Version of the count: the highest one holds, whatever order they come in.</summary>
    public required long Version { get; init; }

    /// <summary>Visible comments, exact at that version.</summary>
    public required long Count { get; init; }
}
