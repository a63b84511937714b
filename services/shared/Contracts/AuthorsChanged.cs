namespace Platform.Contracts;

/// <summary>An author was made, renamed, merged or deleted: whatever shows the author's name is out of date.</summary>
public sealed record AuthorsChanged
{
    /// <summary>The author's id (UUIDv7).</summary>
    public required Guid AuthorId { get; init; }

    /// <summary>The author's version when this became true; a merge does not raise it.</summary>
    public required long Version { get; init; }

    public required string Slug { get; init; }

    /// <summary>Slugs that lead to the author too: earlier ones, and those of authors who were merged into this one.</summary>
    public required IReadOnlyList<string> FormerSlugs { get; init; }

    /// <summary>Whether the author is gone: deleted, or merged into another.</summary>
    public required bool Deleted { get; init; }

    /// <summary>Slug of the author whom this one was merged into, or null.</summary>
    public string? Into { get; init; }
}
