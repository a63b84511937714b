using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>A category.</summary>
/// <param name="Version">Counts its changes; the ETag.</param>
/// <param name="Names">By language, at least one.</param>
/// <param name="Parent">Slug of the category above, or null at the top.</param>
/// <param name="Position">Order among its siblings, lowest first.</param>
public sealed record Category(Guid Id, long Version, string Slug, Dictionary<string, string> Names, string? Parent, int Position)
{
    /// <summary>Slugs that it had before, and those of categories that were merged into it. They lead to it for ever: articles, subscriptions and addresses name it by them.</summary>
    public IReadOnlyList<string> Former { get => field ?? []; init; }

    /// <summary>The current slug and the former ones.</summary>
    public IEnumerable<string> AllSlugs() => Former.Prepend(Slug);

    /// <summary>The name in the language, else in the site's own (the first), else any.</summary>
    public string Name(string language, IReadOnlyList<string> languages) => Naming.In(Names, language, languages);
}

/// <summary>
/// All categories: few, read with every article and changed seldom, so they are one document. One versioned write keeps every rule at once:
/// slugs, current and former, are unique, parents exist, there are no cycles.
/// </summary>
/// <param name="Version">Counts changes of any category.</param>
public sealed record CategoryTree(Guid Id, long Version, IReadOnlyList<Category> Categories) : IDocument
{
    public const int MaxCategories = 1000;

    /// <summary>Current and former ones together, so that the document stays small however often names change.</summary>
    public const int MaxSlugs = 10_000;

    /// <summary>The one document.</summary>
    public static readonly Guid TheId = new("01900000-0000-7000-8000-000000000001");
    public static readonly CategoryTree Empty = new(TheId, 1, []);

    /// <summary>Made when first asked for: the driver fills the record without its constructor.</summary>
    private Dictionary<string, Category> BySlug => field ??= Categories.SelectMany(c => c.AllSlugs(), (c, slug) => (c, slug)).ToDictionary(c => c.slug, c => c.c);

    /// <summary>The category with this slug, or one that had it before.</summary>
    public Category? Find(string slug) => BySlug.GetValueOrDefault(slug);

    /// <exception cref="Problem">404.</exception>
    public Category Get(string slug) => Find(slug) ?? throw Problem.NotFound("category");

    /// <summary>The slug that the category has now; of an unknown one the slug itself.</summary>
    public string Current(string slug) => Find(slug)?.Slug ?? slug;

    /// <summary>The category and all below it, by every slug that an article may be filed under: the current ones and the former.</summary>
    public IReadOnlyList<string> WithChildren(string slug)
    {
        var found = new List<string> { Current(slug) };
        for (var i = 0; i < found.Count; i++) found.AddRange(Categories.Where(c => c.Parent == found[i]).Select(c => c.Slug));
        return [.. found.SelectMany(s => Find(s)?.AllSlugs() ?? [s])];
    }

    /// <summary>These categories and all above them, each once; then the former slugs of all, which subscriptions may name.</summary>
    public IReadOnlyList<string> WithParents(IEnumerable<string> slugs)
    {
        string[] path = [.. slugs.SelectMany(Up).Distinct()];
        return [.. path, .. path.SelectMany(s => Find(s)?.Former ?? [])];
    }

    /// <exception cref="Problem">409 <c>category.slugTaken</c>; 422 <c>category.unknownParent</c>, <c>category.tooMany</c>.</exception>
    public (CategoryTree, IReadOnlyList<CategoriesChanged>) Add(Category category)
    {
        if (Categories.Any(c => c.Id == category.Id)) return (this, []);   // a repeat after a crash
        if (Find(category.Slug) is not null) throw SlugTaken();
        if (Categories.Count >= MaxCategories) throw Problem.Rule("category.tooMany", $"At most {MaxCategories} categories.");
        return To([.. Categories, category with { Parent = Parent(category.Parent) }]);
    }

    /// <summary>Renames, moves or reorders a category. Those below it come along.</summary>
    /// <param name="to">The slug it has from now on; another one than before leaves that one as a former slug.</param>
    /// <exception cref="Problem">404; 409 <c>category.slugTaken</c>; 412 stale; 422 <c>category.unknownParent</c>, <c>category.cycle</c>, <c>category.tooMany</c>.</exception>
    public (CategoryTree, IReadOnlyList<CategoriesChanged>) Change(string slug, IfMatch expected, string to, Dictionary<string, string> names, string? parent, int position)
    {
        var before = Get(slug);
        expected.Check(before.Version, "category");
        if (Find(to) is { } other && other.Id != before.Id) throw SlugTaken();
        var after = before with { Version = before.Version + 1, Slug = to, Former = [.. before.AllSlugs().Where(s => s != to)], Names = names, Parent = Parent(parent) == before.Slug ? to : Parent(parent), Position = position };
        return To([.. Categories.Select(c => c.Id == before.Id ? after : Moved(c, before.Slug, to))]);
    }

    /// <summary>Makes one category of two. The first one's slugs become former slugs of the other; what lies below it lies below the other from now on.</summary>
    /// <returns>The tree itself where that has happened already.</returns>
    /// <exception cref="Problem">404; 412 stale; 422 <c>category.unknownTarget</c>, <c>category.mergeIntoItself</c>.</exception>
    public (CategoryTree, IReadOnlyList<CategoriesChanged>) Merge(string slug, IfMatch expected, string into)
    {
        var gone = Get(slug);
        var target = Find(into) ?? throw Problem.Rule("category.unknownTarget", "There is no such category to merge into.");
        if (gone.Id == target.Id) return slug != target.Slug ? (this, []) : throw Problem.Rule("category.mergeIntoItself", "A category cannot be merged into itself.");
        expected.Check(gone.Version, "category");
        // A target that lies below takes the place of the one that goes.
        var parent = Up(target.Slug).Contains(gone.Slug) ? gone.Parent : target.Parent;
        var after = target with { Version = target.Version + 1, Former = [.. target.Former, .. gone.AllSlugs()], Parent = parent };
        return To([.. Categories.Where(c => c.Id != gone.Id).Select(c => c.Id == target.Id ? after : Moved(c, gone.Slug, target.Slug))], into: target.Slug);
    }

    /// <exception cref="Problem">404, also by a former slug; 412 stale; 409 <c>category.inUse</c> while there are categories below it.</exception>
    public (CategoryTree, IReadOnlyList<CategoriesChanged>) Remove(string slug, IfMatch expected)
    {
        var gone = Get(slug);
        if (gone.Slug != slug) throw Problem.NotFound("category");
        expected.Check(gone.Version, "category");
        if (Categories.Any(c => c.Parent == slug)) throw InUse();
        return To([.. Categories.Where(c => c.Id != gone.Id)]);
    }

    public static Problem InUse() => Problem.Conflict("category.inUse", "Articles or other categories are in it.");

    private static Problem SlugTaken() => Problem.Conflict("category.slugTaken", "Another category has, or had, this slug.");

    private static Category Moved(Category category, string from, string to) =>
        category.Parent == from && from != to ? category with { Version = category.Version + 1, Parent = to } : category;

    private string? Parent(string? given) => given is null ? null : Current(given);

    /// <summary>The next tree, if it is one, and a message for each category that changed.</summary>
    private (CategoryTree, IReadOnlyList<CategoriesChanged>) To(IReadOnlyList<Category> categories, string? into = null)
    {
        if (categories.Sum(c => 1 + c.Former.Count) > MaxSlugs) throw Problem.Rule("category.tooMany", $"At most {MaxSlugs} slugs, former ones too.");
        var next = new CategoryTree(Id, Version + 1, categories);
        var (before, after) = (Categories.ToDictionary(c => c.Id), categories.ToDictionary(c => c.Id));
        Category[] changed = [.. categories.Where(c => !ReferenceEquals(c, before.GetValueOrDefault(c.Id)))];
        foreach (var category in changed.Where(c => c.Parent is not null))
        {
            if (next.Find(category.Parent!) is null) throw Problem.Rule("category.unknownParent", "There is no such parent category.");
            if (next.Up(category.Parent!).Contains(category.Slug)) throw Problem.Rule("category.cycle", "A category cannot lie below itself.");
        }
        var gone = Categories.Where(c => !after.ContainsKey(c.Id)).Select(c => Told(c with { Version = c.Version + 1 }, deleted: true, into));
        return (next, [.. gone, .. changed.Select(c => Told(c, deleted: false, into: null))]);
    }

    private static CategoriesChanged Told(Category category, bool deleted, string? into) => new()
    {
        CategoryId = category.Id,
        Version = category.Version,
        Slug = category.Slug,
        Parent = category.Parent,
        Deleted = deleted,
        FormerSlugs = category.Former,
        Into = into,
    };

    private List<string> Up(string slug)
    {
        var path = new List<string>();
        for (var at = Current(slug); at is not null && !path.Contains(at); at = Find(at)?.Parent) path.Add(at);
        return path;
    }
}

internal static class Naming
{
    public static string In(IReadOnlyDictionary<string, string> names, string language, IReadOnlyList<string> languages) =>
        names.GetValueOrDefault(language) ?? languages.Select(names.GetValueOrDefault).FirstOrDefault(n => n is not null) ?? names.Values.First();
}
