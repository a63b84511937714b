using Platform.Articles.Body;
using Platform.Articles.Media;

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

    /// <summary>The picture that leads it, or null.</summary>
    public LeadImage? LeadImage { get; init; }

    public required bool Breaking { get; init; }
    public required bool CommentsOpen { get; init; }

    /// <summary>Ids of the pictures it shows, each once: the lead image, and those in the body. Derived; an init accessor makes it a stored field, for <see cref="PictureUseStore"/>.</summary>
    public IReadOnlyList<Guid> Media { get => [.. BodyPictures.ShownIn(Body).Prepend(LeadImage?.Id ?? Guid.Empty).Where(id => id != Guid.Empty).Distinct()]; init { } }

    /// <summary>The fields that are compared, by their names in the public contract; the text follows from the body.</summary>
    public IReadOnlyList<(string Name, object? Value)> Fields =>
    [
        ("language", Language),
        ("title", Title),
        ("kicker", Kicker),
        ("summary", Summary),
        ("dateline", Dateline),
        ("body", Body),
        ("categories", Categories),
        ("tags", Tags),
        ("authors", Authors),
        ("leadImage", LeadImage is { } lead ? new LeadImageInput(lead.Id, lead.Alt, lead.Caption, lead.Credit) : null),
        ("breaking", Breaking),
        ("commentsOpen", CommentsOpen),
    ];

    /// <summary>Names of the public fields in which this differs.</summary>
    public IReadOnlyList<string> ChangesFrom(ArticleContent other) =>
        [.. Fields.Zip(other.Fields).Where(f => !Same(f.First.Value, f.Second.Value)).Select(f => f.First.Name)];

    /// <summary>Whether two values of a field are the same; lists are, where their items are, in order.</summary>
    internal static bool Same(object? one, object? other) =>
        one is System.Collections.IEnumerable list and not string && other is System.Collections.IEnumerable others and not string ? list.Cast<object>().SequenceEqual(others.Cast<object>()) : Equals(one, other);
}
