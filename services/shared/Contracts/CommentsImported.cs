namespace Platform.Contracts;

/// <summary>Readers' comments came with an article that was imported from another site. Comments of one article may come in several of these, in any order.</summary>
/// <remarks>Comments keeps each under an id derived from article and external id, so that coming twice changes nothing; what is there is never changed by it.</remarks>
public sealed record CommentsImported
{
    /// <summary>The import that read them.</summary>
    public required Guid ImportId { get; init; }

    public required Guid ArticleId { get; init; }

    /// <summary>At most 100.</summary>
    public required IReadOnlyList<ImportedComment> Comments { get; init; }
}
