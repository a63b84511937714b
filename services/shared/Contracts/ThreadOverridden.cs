namespace Platform.Contracts;

/// <summary>A moderator has opened or closed an article's comments, against the rules or with them; what says whether they are open is out of date.</summary>
public sealed record ThreadOverridden
{
    public required Guid ArticleId { get; init; }

    /// <summary>The latest one holds, whatever order they come in.</summary>
    public required DateTimeOffset OverriddenAt { get; init; }

    /// <summary>True or false; null leaves it to the rules again.</summary>
    public bool? Open { get; init; }
}
