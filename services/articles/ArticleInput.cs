using Platform.Articles.Body;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles;

/// <summary>An article as its writer sends it. Required: <c>language</c>, <c>title</c>, <c>body</c>, <c>categories</c>.</summary>
/// <param name="Language">One of the platform's languages, such as <c>ar</c>.</param>
/// <param name="Title">At most 300 characters, on one line.</param>
/// <param name="Summary">At most 1,000 characters.</param>
/// <param name="Kicker">The line over the title; at most 300 characters.</param>
/// <param name="Dateline">Where it was written and who passed it on; 200 characters each.</param>
/// <param name="Body">HTML; it is sanitised, and some text must be left. Pictures of other origins are taken out.</param>
/// <param name="Slug">As it shall stand in the address: lower-case letters of any script, digits, single hyphens; at most 100 characters. Absent: made from the title.</param>
/// <param name="Categories">Slugs of categories, at most 20; the first names the section.</param>
/// <param name="Tags">At most 50, of 80 characters each; a leading # is taken off, repeats are dropped.</param>
/// <param name="Authors">Slugs of authors, at most 20.</param>
/// <param name="LeadImage">A picture from the media library.</param>
/// <param name="Breaking">Whether it is shown as breaking news; absent means no.</param>
/// <param name="CommentsOpen">Whether readers may comment; absent means yes.</param>
/// <param name="TranslationOf">Id of the article that this one translates; absent leaves that as it is.</param>
public record ArticleInput(string? Language = null, string? Title = null, string? Summary = null, string? Kicker = null, Dateline? Dateline = null, string? Body = null, string? Slug = null,
    IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Authors = null, LeadImageInput? LeadImage = null,
    bool? Breaking = null, bool? CommentsOpen = null, Guid? TranslationOf = null)
{
    /// <summary>A ligature may stand for eighteen letters; an index holds no such words.</summary>
    public const int MaxTagKey = 240;

    /// <summary>What the article becomes, and the slug that was given.</summary>
    /// <param name="pictures">Those of the library that the body may show.</param>
    /// <exception cref="Problem">400 with every wrong field.</exception>
    public (ArticleContent Content, string? Slug) Check(BodySanitiser sanitiser, BodyPictures pictures)
    {
        var errors = new FieldErrors();
        var language = errors.Text(Language, 35);
        var title = Normaliser.OneLine(errors.Text(Title, 300));
        var kicker = errors.OptionalText(Kicker, 300);
        var summary = errors.OptionalText(Summary, 1000);
        var dateline = new Dateline(Line(errors.OptionalText(Dateline?.Place, 200, "dateline.place")), Line(errors.OptionalText(Dateline?.Source, 200, "dateline.source")));
        var slug = errors.OptionalText(Slug, Text.Slug.MaxLength);
        if (slug is not null && !Text.Slug.IsSlug(slug)) errors.Add("slug", "Lower-case letters, digits and single hyphens, such as " + (Text.Slug.From(slug) is { Length: > 0 } like ? like : "an-example") + ".");
        errors.Check(Categories is not null, "categories", "Required; may be empty.");
        var categories = List(errors, Categories, 20, Text.Slug.MaxLength, "categories").Distinct().ToArray();
        var authors = List(errors, Authors, 20, Text.Slug.MaxLength, "authors").Distinct().ToArray();
        var tags = List(errors, Tags, 50, 80, "tags").Select(t => Normaliser.OneLine(t.TrimStart('#', ' '))).Where(t => Normaliser.Fold(t).Length > 0).DistinctBy(Normaliser.Fold).ToArray();
        errors.Check(tags.All(t => Normaliser.Fold(t).Length <= MaxTagKey), "tags", "Some are too long, letter by letter.");
        var (body, text) = string.IsNullOrWhiteSpace(Body) ? ("", "") : sanitiser.Clean(Body, pictures);
        errors.Check(text.Length > 0, "body", "Required: text, in HTML.");
        errors.ThrowIfAny();
        return (new ArticleContent
        {
            Language = language,
            Title = title,
            Kicker = Line(kicker),
            Summary = summary ?? "",
            Dateline = dateline,
            Body = body,
            Text = text,
            Categories = categories,
            Tags = tags,
            TagKeys = [.. tags.Select(Normaliser.Fold)],
            Authors = authors,
            Breaking = Breaking ?? false,
            CommentsOpen = CommentsOpen ?? true,
        }, slug);
    }

    private static string? Line(string? text) => text is null ? null : Normaliser.OneLine(text);

    /// <summary>Checks each item; what is blank is dropped.</summary>
    private static IEnumerable<string> List(FieldErrors errors, IReadOnlyList<string?>? items, int maxItems, int maxLength, string field)
    {
        errors.Check((items?.Count ?? 0) <= maxItems, field, $"At most {maxItems}.");
        return (items ?? []).Take(maxItems).Select(i => errors.OptionalText(i, maxLength, field)).OfType<string>();
    }
}

/// <param name="Id">Of the media library.</param>
/// <param name="Alt">What it shows, at most 1,000 characters; absent: as in the library, and so are the others.</param>
/// <param name="Caption">At most 1,000 characters; empty for none.</param>
/// <param name="Credit">At most 200 characters; empty for none.</param>
public sealed record LeadImageInput(Guid Id, string? Alt = null, string? Caption = null, string? Credit = null);
