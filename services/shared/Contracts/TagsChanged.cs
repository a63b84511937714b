namespace Platform.Contracts;

/// <summary>A tag was renamed, or merged into another: whatever shows it is out of date.</summary>
public sealed record TagsChanged
{
    /// <summary>Counts changes of tags, of any of them.</summary>
    public required long Version { get; init; }

    /// <summary>The tag that is no more, in comparison form.</summary>
    public required string Tag { get; init; }

    /// <summary>The tag it has become, as it is written.</summary>
    public required string Into { get; init; }

    /// <summary>All tags that lead to that one by now, in comparison form.</summary>
    public required IReadOnlyList<string> FormerTags { get; init; }
}
