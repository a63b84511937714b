using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Who signs articles.</summary>
/// <param name="Slug">The current slug.</param>
/// <param name="Names">By language, at least one.</param>
/// <param name="Bio">Plain text, at most 1,000 characters, or null.</param>
public sealed record Author(Guid Id, long Version, string Slug, Dictionary<string, string> Names, string? Bio) : IDocument
{
    /// <summary>The current slug and all it had before; no two authors have one in common, by a unique index.</summary>
    public IReadOnlyList<string> Slugs { get => field ?? [Slug]; init; }

    /// <summary>Slugs of authors who were merged into this one. They lie in those authors' documents, which are kept for that.</summary>
    public IReadOnlyList<string> Merged { get => field ?? []; init; }

    /// <summary>Every slug that leads here: the current one first.</summary>
    public IEnumerable<string> AllSlugs() => Former().Prepend(Slug);

    public IEnumerable<string> Former() => Slugs.Where(s => s != Slug).Concat(Merged);

    /// <summary>The name in the language, else in the site's own (the first), else any.</summary>
    public string Name(string language, IReadOnlyList<string> languages) => Naming.In(Names, language, languages);

    /// <summary>Other names, another bio, and another slug where it is one: the one before stays with the author.</summary>
    public Author Change(string slug, Dictionary<string, string> names, string? bio) =>
        this with { Version = Version + 1, Slug = slug, Slugs = [.. Slugs.Where(s => s != slug), slug], Names = names, Bio = bio };

    /// <summary>What the world is told.</summary>
    /// <param name="into">Slug of the author whom this one was merged into.</param>
    public AuthorsChanged Told(bool deleted = false, string? into = null) => new()
    {
        AuthorId = Id,
        Version = Version,
        Slug = Slug,
        FormerSlugs = [.. Former()],
        Deleted = deleted,
        Into = into,
    };
}
