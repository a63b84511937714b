using Platform.Contracts;

namespace Platform.Comments.Tests;

/// <summary>Messages as Articles sends them.</summary>
public static class ArticleMessages
{
    public static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static ArticlePublished Published(Guid id, long version) => new()
    {
        ArticleId = id,
        Version = version,
        Edition = 1,
        Language = "ar",
        Title = "عنوان",
        Summary = "",
        Slug = "s",
        Url = "http://localhost:8080/articles/s",
        Categories = [],
        CategoryTree = [],
        Tags = [],
        Authors = [],
        Breaking = false,
        CommentsOpen = true,
        PublishedAt = At,
    };

    public static ArticleUpdated Updated(Guid id, long version, bool open) => new()
    {
        ArticleId = id,
        Version = version,
        Edition = 1,
        Language = "ar",
        Title = "عنوان",
        Summary = "",
        Slug = "s",
        Url = "http://localhost:8080/articles/s",
        Categories = [],
        CategoryTree = [],
        CategoriesLeft = [],
        Tags = [],
        Authors = [],
        Breaking = false,
        CommentsOpen = open,
        PublishedAt = At,
        UpdatedAt = At,
    };

    public static ArticleCorrected Corrected(Guid id, long version, string title) => new()
    {
        ArticleId = id,
        Version = version,
        Edition = 2,
        Language = "ar",
        Title = title,
        Summary = "",
        Slug = "s",
        Url = "http://localhost:8080/articles/s",
        Categories = [],
        CategoryTree = [],
        CategoriesLeft = [],
        Tags = [],
        Authors = [],
        Breaking = false,
        CommentsOpen = true,
        PublishedAt = At,
        CorrectedAt = At,
        Note = "n",
        Notify = true,
        Changed = ["title"],
    };

    public static ArticleWithdrawn Withdrawn(Guid id, long version) => new() { ArticleId = id, Version = version, Slug = "s", Categories = [], WithdrawnAt = At };
}
