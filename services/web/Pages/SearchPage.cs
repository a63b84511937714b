using System.Net;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>Searches the edition's articles. Nobody keeps the answer: there is no end of things to search for, and each must be fresh.</summary>
public static class SearchPage
{
    /// <param name="Query">As typed; empty before anything was.</param>
    public sealed record SearchModel(PageHead Head, string Query, SearchList Found, bool FirstPage);

    /// <returns>200, also where nothing is found; 400 for a forged cursor, or too long a search; 503 without Articles.</returns>
    public static async Task<IResult> Show(Edition edition, string? q, string? cursor, HttpContext http, Articles articles, CancellationToken ct)
    {
        var query = q?.Trim() ?? "";
        var categories = Pages.OrNull(articles.Categories(ct));
        var answer = query.Length == 0 ? new(HttpStatusCode.OK, new SearchList([], null, [])) : await articles.Search(edition.Language, query, PageRequest.Default, cursor, ct);
        if (answer.Body is not { } found) return ErrorPage.Result(http, edition, StatusCodes.Status400BadRequest);
        var head = new PageHead(edition, query.Length == 0 ? edition.Words["Search"] : edition.Words.Format("SearchTitle", query), edition.Search())
        {
            Sections = Pages.Sections(await categories),
            Private = true,
            Translations = edition.Others.ToDictionary(e => e.Language, e => e.Search(query)),
        };
        return Views.SearchView.Create(new(head, query, found, cursor is null));
    }
}
