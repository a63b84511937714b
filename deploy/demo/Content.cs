using System.Text.Json;

namespace Platform.Demo;

/// <summary>The demo content as it lies in JSON files: categories, and articles in the order in which they are published.</summary>
internal sealed class Content(string folder)
{
    public IReadOnlyList<Category> Categories => Read<Category[]>(Path.Combine(folder, "categories.json"));

    /// <summary>Each with the name of its file, by which a second run knows it again.</summary>
    public IEnumerable<(string Name, Article Article)> Articles =>
        Directory.GetFiles(Path.Combine(folder, "articles"), "*.json").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file), Read<Article>(file)));

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(file), JsonSerializerOptions.Web)!;

    public sealed record Category(string Slug, IReadOnlyDictionary<string, string> Names, int Position);

    public sealed record Dateline(string Place, string Source);

    /// <param name="Body">Blocks: HTML where they begin with a tag, else the text of a paragraph.</param>
    public sealed record Article(string Language, string Slug, string Kicker, string Title, string Summary, Dateline Dateline,
        IReadOnlyList<string> Categories, IReadOnlyList<string> Tags, bool Breaking, IReadOnlyList<string> Body, IReadOnlyList<Comment> Comments, Picture? Picture = null)
    {
        public string Html => string.Join('\n', Body.Select(block => block.StartsWith('<') ? block : $"<p>{block}</p>"));
    }

    /// <summary>A lead image, drawn by <see cref="Drawing"/>.</summary>
    public sealed record Picture(string Alt, string? Caption, int Hue);

    public sealed record Comment(string Name, string Body, IReadOnlyList<Comment>? Replies);
}
