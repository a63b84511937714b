using Platform.Articles.Imports.WordPress;
using Platform.Articles.Imports.Wxr;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Imports;

/// <summary>
/// What an exported site's categories and authors are called here. Slugs are made from its own; what is there already by that slug is taken as it is, and so is a category that nobody
/// could tell from the exported one by its name.
/// </summary>
/// <param name="here">The categories that are here already.</param>
public sealed class ImportShelf(WxrHead head, PlatformSettings settings, CategoryTree here)
{
    private const int MaxName = 80;
    private readonly string _site = Uri.TryCreate(head.Site, UriKind.Absolute, out var site) ? site.Authority + site.AbsolutePath.TrimEnd('/') : head.Site;

    /// <summary>The export's language where the platform has it, else the site's own.</summary>
    public string Language { get; } = settings.Languages.FirstOrDefault(l => head.Language.Split('-', '_')[0].Equals(l, StringComparison.OrdinalIgnoreCase)) ?? settings.Languages[0];

    /// <summary>The site's host.</summary>
    public string Host { get; } = Uri.TryCreate(head.Site, UriKind.Absolute, out var host) ? host.Authority : head.Site;

    /// <summary>Which post of which site; http and https are one site.</summary>
    public string KeyOf(WxrItem item) => KeyOf(item.Id);

    /// <param name="id">Of a post or an attachment.</param>
    public string KeyOf(string id) => $"{_site}/{id}";

    /// <summary>Slugs of categories by a name that is only one category's here and at most one's there.</summary>
    private Dictionary<string, string> ByName => field ??= here.Categories.Where(c => c.Names.ContainsKey(Language)).GroupBy(c => Normaliser.Fold(c.Names[Language])).Where(g => g.Count() == 1)
        .ExceptBy(head.Categories.GroupBy(c => Normaliser.Fold(WordPressText.Line(c.Name))).Where(g => g.Count() > 1).Select(g => g.Key), g => g.Key).ToDictionary(g => g.Key, g => g.Single().Slug);

    /// <summary>The slug of a category, or null where it has no name.</summary>
    public string? Category(WxrTerm term) => SlugOf(term.Nicename, term.Name) is not { } slug ? null
        : here.Find(slug) is null && ByName.TryGetValue(Normaliser.Fold(WordPressText.Line(term.Name)), out var known) ? known : slug;

    /// <summary>The slug of who wrote it, or null where that is not said.</summary>
    public string? Author(string login) => login.Length == 0 ? null : SlugOf("", head.Authors.GetValueOrDefault(login) ?? login);

    /// <summary>The categories that the export lists, parents before children; a parent that is missing, or below its own child, is none.</summary>
    public IReadOnlyList<(string Slug, string Name, string? Parent)> Categories()
    {
        var all = new Dictionary<string, (string Slug, string Name, string Parent)>();
        foreach (var category in head.Categories)
            if (Category(new(category.Nicename, category.Name)) is { } slug) all.TryAdd(category.Nicename, (slug, NameOf(category.Name, slug), category.Parent));
        var sorted = new List<(string, string, string?)>();
        var placed = new HashSet<string>();
        foreach (var nicename in all.Keys) Place(nicename, []);
        return sorted;

        void Place(string nicename, HashSet<string> above)
        {
            // Parents first. Deeper than any site goes, a chain is cut.
            if (placed.Contains(nicename) || above.Count > 50 || !above.Add(nicename)) return;
            var (slug, name, parent) = all[nicename];
            if (all.ContainsKey(parent)) Place(parent, above);
            if (placed.Add(nicename)) sorted.Add((slug, name, placed.Contains(parent) && parent != nicename && all[parent].Slug != slug ? all[parent].Slug : null));
        }
    }

    /// <summary>The authors that the export lists.</summary>
    public IEnumerable<(string Slug, string Name)> Authors() => head.Authors.Where(a => Author(a.Key) is not null).Select(a => (Author(a.Key)!, NameOf(a.Value, a.Key))).DistinctBy(a => a.Item1);

    public static string NameOf(string name, string otherwise) => WordPressText.Line(name) is { Length: > 0 } line ? WordPressText.Cut(line, MaxName) : otherwise;

    private static string? SlugOf(string nicename, string name)
    {
        var slug = WordPressText.Slug(nicename);
        if (slug.Length == 0) slug = Text.Slug.From(WordPressText.Line(name));
        return slug.Length > 0 ? slug : null;
    }
}
