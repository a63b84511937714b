using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>The front page: the lead, the top stories, the latest news, and each section's newest.</summary>
public static class FrontPage
{
    private const int TopStories = 4, InSection = 4, MostSections = 8, Read = 12;

    public sealed record FrontSection(Category Category, IReadOnlyList<ArticleCard> Articles);
    public sealed record FrontModel(PageHead Head, ArticleCard? Lead, IReadOnlyList<ArticleCard> Top, IReadOnlyList<ArticleCard> Latest, IReadOnlyList<FrontSection> Sections, string? Next, DateTimeOffset Now);

    /// <returns>200; 400 for a forged cursor; 503 without Articles.</returns>
    public static async Task<IResult> Show(Edition edition, string? cursor, HttpContext http, Articles articles, TimeProvider clock, CancellationToken ct)
    {
        var newest = articles.List(edition.Language, "", PageRequest.Default, cursor, ct);
        var categories = await Pages.OrNull(articles.Categories(ct));
        var sections = Pages.Sections(categories);
        var head = new PageHead(edition, null, edition.Front()) { Sections = sections, Translations = edition.Others.ToDictionary(e => e.Language, e => e.Front()) };
        if (cursor is not null) return ListPage.Show(head with { Title = edition.Words["Latest"] }, await newest, categories is not null, [CacheTags.Front], http);

        var inSections = sections.Take(MostSections).Select(s => Pages.OrNull(articles.List(edition.Language, "category=" + Uri.EscapeDataString(s.Slug), Read, null, ct))).ToArray();
        if ((await newest).Body is not { } list) return ErrorPage.Result(http, edition, StatusCodes.Status503ServiceUnavailable);
        var lists = await Task.WhenAll(inSections);
        var model = Compose(head, list, [.. sections.Zip(lists, (s, l) => new FrontSection(s, l?.Items ?? []))], clock.GetUtcNow());
        http.Response.Cacheable(categories is not null && lists.All(l => l is not null), [.. list.Items, .. model.Sections.SelectMany(s => s.Articles)], CacheTags.Front);
        return Views.FrontView.Create(model);
    }

    /// <summary>Sets the page: breaking news of the newest five leads, else the newest; a section shows what does not stand above it already.</summary>
    public static FrontModel Compose(PageHead head, ArticleList newest, IReadOnlyList<FrontSection> sections, DateTimeOffset now)
    {
        var lead = newest.Items.Take(TopStories + 1).FirstOrDefault(a => a.Breaking) ?? newest.Items.FirstOrDefault();
        var others = newest.Items.Where(a => a != lead).ToArray();
        var top = others.Take(TopStories).ToArray();
        var shown = top.Append(lead).Select(a => a?.Id).ToHashSet();
        var filled = new List<FrontSection>();
        foreach (var section in sections)
        {
            var articles = section.Articles.Where(a => !shown.Contains(a.Id)).Take(InSection).ToArray();
            shown.UnionWith(articles.Select(a => (Guid?)a.Id));
            if (articles.Length > 0) filled.Add(section with { Articles = articles });
        }
        return new(head, lead, top, others[top.Length..], filled, newest.Next, now);
    }
}
