namespace Platform.Contracts;

/// <summary>A category was made, renamed, moved, merged or deleted: whatever shows category names is out of date.</summary>
public sealed record CategoriesChanged
{
    /// <summary>The category's id (UUIDv7).</summary>
    public required Guid CategoryId { get; init; }

    /// <summary>The category's version when this became true.</summary>
    public required long Version { get; init; }

    public required string Slug { get; init; }

    /// <summary>The parent category's slug, or null at the top.</summary>
    public string? Parent { get; init; }

    /// <summary>Whether the category is gone: deleted, or merged into another.</summary>
    public required bool Deleted { get; init; }

    /// <summary>Slugs that lead to the category too: earlier ones, and those of categories that were merged into it.</summary>
    public IReadOnlyList<string>? FormerSlugs { get; init; }

    /// <summary>Slug of the category that this one was merged into, or null.</summary>
    public string? Into { get; init; }
}
