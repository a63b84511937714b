namespace Platform.Contracts;

/// <summary>An article became public. Starts a new edition: subscribers are told once per edition.</summary>
/// <remarks>The namespace and the names here are wire format: add optional properties, never rename or remove.</remarks>
public sealed record ArticlePublished
{
    /// <summary>The article (UUIDv7).</summary>
    public required Guid ArticleId { get; init; }

    /// <summary>The article's version when this became true; a reaction ignores what is older than it knows.</summary>
    public required long Version { get; init; }

    /// <summary>Counts what subscribers are told of: 1 at the first publish, one more with each correction that notifies.</summary>
    public required int Edition { get; init; }

    /// <summary>BCP 47 language of the text, such as <c>ar</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Plain text, at most 300 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The line over the title, or null.</summary>
    public string? Kicker { get; init; }

    /// <summary>Plain text, at most 1,000 characters; may be empty.</summary>
    public required string Summary { get; init; }

    /// <summary>Unicode slug, not percent-encoded.</summary>
    public required string Slug { get; init; }

    /// <summary>Absolute address of the page, percent-encoded.</summary>
    public required string Url { get; init; }

    /// <summary>Slugs of the article's categories, in the editor's order.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>Those and all of their ancestors, each once, and then the former slugs of all these: what a subscription to a parent, or one under an older name, matches.</summary>
    public required IReadOnlyList<string> CategoryTree { get; init; }

    /// <summary>Name of the first category in the article's language, or null.</summary>
    public string? Section { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Slugs of the authors.</summary>
    public required IReadOnlyList<string> Authors { get; init; }

    public required bool Breaking { get; init; }

    /// <summary>Whether readers may comment.</summary>
    public required bool CommentsOpen { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Slugs that the authors had before: what an older subscription may name.</summary>
    public IReadOnlyList<string>? FormerAuthors { get; init; }

    /// <summary>Tags that were merged into these, in comparison form: what an older subscription may name.</summary>
    public IReadOnlyList<string>? FormerTags { get; init; }

    /// <summary>The other articles of its translation group, whose pages show it from now on; published or not, so not for readers.</summary>
    public IReadOnlyList<Guid>? Translations { get; init; }

    /// <summary>It came with an import from another site, long after readers saw it there: it is known from now on, but nobody is told of it.</summary>
    public bool Imported { get; init; }

    /// <summary>The plain text of the body, at most its first <see cref="MaxText"/> characters: what subscriptions to keywords are matched against. Null where it is not known.</summary>
    public string? Text { get; init; }

    /// <summary>So that messages stay small beside what a broker carries well; no article of a newspaper is so long.</summary>
    public const int MaxText = 100_000;
}
