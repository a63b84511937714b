namespace Platform.Articles;

/// <summary>Where a report was written, and by whom it was passed on, as over an agency's text: "Baghdad / agency".</summary>
public sealed record Dateline(string? Place = null, string? Source = null);

/// <summary>What an editor writes: checked, in NFC, the body sanitised. All of it is versioned.</summary>
public sealed record ArticleContent
{
    /// <summary>One of PLATFORM_LANGUAGES.</summary>
    public required string Language { get; init; }

    /// <summary>One line, at most 300 characters.</summary>
    public required string Title { get; init; }

    /// <summary>One line over the title, or null.</summary>
    public string? Kicker { get; init; }

    /// <summary>At most 1,000 characters; may be empty.</summary>
    public required string Summary { get; init; }

    public required Dateline Dateline { get; init; }

    /// <summary>Sanitised HTML.</summary>
    public required string Body { get; init; }

    /// <summary>The body as plain text, blocks on lines of their own.</summary>
    public required string Text { get; init; }

    /// <summary>Slugs of categories, in the editor's order.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>As written, each once.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The tags in comparison form, by which articles are found.</summary>
    public required IReadOnlyList<string> TagKeys { get; init; }

    /// <summary>Slugs of authors.</summary>
    public required IReadOnlyList<string> Authors { get; init; }

    public required bool Breaking { get; init; }
    public required bool CommentsOpen { get; init; }

    /// <summary>Names of the public fields in which this differs.</summary>
    public IReadOnlyList<string> ChangesFrom(ArticleContent other)
    {
        var changed = new List<string>();
        Note("language", Language == other.Language);
        Note("title", Title == other.Title);
        Note("kicker", Kicker == other.Kicker);
        Note("summary", Summary == other.Summary);
        Note("dateline", Dateline == other.Dateline);
        Note("body", Body == other.Body);
        Note("categories", Categories.SequenceEqual(other.Categories));
        Note("tags", Tags.SequenceEqual(other.Tags));
        Note("authors", Authors.SequenceEqual(other.Authors));
        Note("breaking", Breaking == other.Breaking);
        Note("commentsOpen", CommentsOpen == other.CommentsOpen);
        return changed;

        void Note(string field, bool same)
        {
            if (!same) changed.Add(field);
        }
    }
}
