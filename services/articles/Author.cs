using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Who signs articles. The slug is for ever.</summary>
/// <param name="Names">By language, at least one.</param>
/// <param name="Bio">Plain text, at most 1,000 characters, or null.</param>
public sealed record Author(Guid Id, long Version, string Slug, Dictionary<string, string> Names, string? Bio) : IDocument
{
    /// <summary>The name in the language, else in the site's own (the first), else any.</summary>
    public string Name(string language, IReadOnlyList<string> languages) => Naming.In(Names, language, languages);
}
