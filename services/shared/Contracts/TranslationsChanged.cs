namespace Platform.Contracts;

/// <summary>An article was linked to its translations, or taken out of them: what shows any of these articles is out of date.</summary>
/// <remarks>Says nothing of the articles' content, and raises no version of theirs.</remarks>
public sealed record TranslationsChanged
{
    /// <summary>The article that was linked or taken out.</summary>
    public required Guid ArticleId { get; init; }

    /// <summary>The other articles of the group that it is in now, and of the one it was in before; published or not, so not for readers.</summary>
    public required IReadOnlyList<Guid> Translations { get; init; }
}
