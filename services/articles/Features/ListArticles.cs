using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>Anyone lists what is published, newest first; writers and editors also what is not.</summary>
public static partial class ListArticles
{
    /// <param name="Language">Articles in this language.</param>
    /// <param name="Category">In the category with this slug, current or former, or one below it.</param>
    /// <param name="Tag">With this tag, however it is spelt.</param>
    /// <param name="Author">By the author with this slug, current or former.</param>
    /// <param name="From">Published then or later: ISO 8601, a time with offset or a date (UTC).</param>
    /// <param name="To">Published before that time, or on that date at the latest.</param>
    /// <param name="Q">Search: all words must match, quotes make a phrase. At most 500 characters.</param>
    /// <param name="Sort"><c>newest</c>, which is also what holds without it; with <c>q</c> also <c>relevance</c>, which then holds.</param>
    /// <param name="Status">For the newsroom: <c>draft</c>, <c>inReview</c>, <c>scheduled</c>, <c>published</c>, <c>withdrawn</c>. Writers see their own.</param>
    public sealed record ArticleListQuery([FromQuery(Name = "language")] string? Language, [FromQuery(Name = "category")] string? Category, [FromQuery(Name = "tag")] string? Tag, [FromQuery(Name = "author")] string? Author,
        [FromQuery(Name = "from")] string? From, [FromQuery(Name = "to")] string? To, [FromQuery(Name = "q")] string? Q, [FromQuery(Name = "sort")] string? Sort, [FromQuery(Name = "status")] string? Status);

    /// <summary>A page of articles; with <c>q</c> those that match.</summary>
    /// <returns>200; 400 for an unknown parameter, a malformed value, or a status that is not the caller's to ask for; 503 <c>search.building</c>.</returns>
    public static async Task<ArticleList> Handle([AsParameters] ArticleListQuery query, PageRequest page, HttpResponse response, CurrentUser user, Taxonomies taxonomies, ArticleListStore lists,
        ArticleViews views, SearchArticles search, Cursors cursors, CancellationToken ct)
    {
        SearchArticles.CheckSort(query.Sort, query.Q);
        var names = await taxonomies.Of(query.Category, query.Tag, query.Author, ct);
        var filter = new ArticleFilter(
            query.Status is null ? ArticleStatus.Published : Status(query.Status, user),
            query.Status is null || user.IsEditor ? null : user.Id,
            query.Language,
            names.Categories,
            names.Tags,
            names.Authors,
            Time(query.From, "from", endOfDay: false),
            Time(query.To, "to", endOfDay: true));
        if (query.Q is { } text) return await search.Find(text, filter, query.Sort == "newest", page, response, ct);
        var found = await lists.List(filter, page.Cursor, page.Limit + 1, ct);
        var shown = await views.Of([.. found.Take(page.Limit)], ct);
        response.ForReaders(user, Tags(names));
        return new([.. shown.Select(v => new ListedArticle(v))], found.Count > page.Limit ? cursors.Encode(filter.Key(found[page.Limit - 1])) : null);
    }

    private static ArticleStatus Status(string text, CurrentUser user)
    {
        if (!user.IsWriter) throw new Problem(400, "request.unknownParameter", "There is no such query parameter here.") { Errors = new Dictionary<string, string[]> { ["status"] = ["For writers and editors."] } };
        return EnumNames<ArticleStatus>.Parse(text) ?? throw Problem.Invalid("status", "draft, inReview, scheduled, published or withdrawn.");
    }

    internal static DateTimeOffset? Time(string? text, string field, bool endOfDay)
    {
        if (text is null) return null;
        // A + that nobody encoded comes as a space.
        text = text.Replace(' ', '+');
        if (IsoDateOrTime().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return text.Length == 10 && endOfDay && time < DateTimeOffset.MaxValue.AddDays(-1) ? time.AddDays(1) : time;
        throw Problem.Invalid(field, "A date such as 2025-03-01, or a time such as 2025-03-01T08:00:00Z.");
    }

    private static IEnumerable<string> Tags(FiledUnder names)
    {
        yield return CacheTags.Articles;
        yield return CacheTags.Categories;
        if (names.Categories is [var category, ..]) yield return CacheTags.Category(category);
        if (names.Tags is [var tag, ..]) yield return CacheTags.Tag(tag);
        if (names.Authors is [var author, ..]) yield return CacheTags.Author(author);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([Tt]\d\d:\d\d(:\d\d(\.\d{1,7})?)?([Zz]|[+-]\d\d:\d\d))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IsoDateOrTime();
}
