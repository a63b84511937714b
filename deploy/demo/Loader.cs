using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Demo;

/// <summary>Makes what is missing: categories, then articles in order, each with its comments.</summary>
internal sealed class Loader(Api api, Content content)
{
    private int _articles, _comments;

    /// <returns>How many articles and comments are new.</returns>
    public async Task<(int Articles, int Comments)> Run()
    {
        foreach (var category in content.Categories)
            if (await api.Find($"/api/categories/{category.Slug}") is null)
                await api.Post("/api/categories", category, $"demo-category-{category.Slug}");
        foreach (var (name, article) in content.Articles) await Load(name, article);
        return (_articles, _comments);
    }

    private async Task Load(string name, Content.Article article)
    {
        var bySlug = "/api/articles/by-slug/" + Uri.EscapeDataString(article.Slug);
        if (await api.IsGone(bySlug)) return; // an editor moved or withdrew it: his word stands
        var stored = await api.Find(bySlug) ?? await api.Post("/api/articles", new
        {
            leadImage = article.Picture is { } picture ? new { id = await Upload(name, picture) } : null,
            article.Language,
            article.Slug,
            article.Kicker,
            article.Title,
            article.Summary,
            article.Dateline,
            article.Categories,
            article.Tags,
            article.Breaking,
            body = article.Html,
        }, $"demo-article-{name}");
        if (stored is null) return;
        var id = stored["id"]!.GetValue<string>();
        if (stored["status"]!.GetValue<string>() != "published")
        {
            await api.Post($"/api/articles/{id}/publish", new { }, version: stored["version"]!.GetValue<long>());
            _articles++;
        }
        var there = await Bodies($"/api/articles/{id}/comments?limit=100");
        foreach (var (number, comment) in article.Comments.Index()) await Load($"demo-comment-{name}-{number}", id, parent: null, comment, there);
    }

    private async Task<string> Upload(string name, Content.Picture picture)
    {
        var made = await api.Upload("/api/media", Drawing.Png(picture.Hue), picture.Alt, picture.Caption, "المنصّة", $"demo-picture-{name}");
        return made["id"]!.GetValue<string>();
    }

    private async Task Load(string key, string article, string? parent, Content.Comment comment, IReadOnlyDictionary<string, string> there)
    {
        if (!there.TryGetValue(comment.Body, out var id))
        {
            var posted = await api.Post($"/api/articles/{article}/comments", new { comment.Name, email = $"{key}@readers.example", comment.Body, parentId = parent }, key, asGuest: true,
                retry: HttpStatusCode.NotFound); // comments hear of the article a moment after it is published
            if (posted is null) return;
            id = posted["id"]!.GetValue<string>();
            if (posted["status"]!.GetValue<string>() == "held")
                await api.Post("/api/moderation/decisions", new { items = new[] { new { id } }, decision = "approve" });
            _comments++;
        }
        foreach (var (number, reply) in (comment.Replies ?? []).Index()) await Load($"{key}-{number}", article, id, reply, there);
    }

    /// <summary>Ids of the comments that are shown, by their text.</summary>
    private async Task<IReadOnlyDictionary<string, string>> Bodies(string path)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect((await api.Find(path))?["items"]?.AsArray());
        return found;

        void Collect(JsonArray? comments)
        {
            foreach (var comment in comments ?? [])
            {
                found[comment!["body"]!.GetValue<string>()] = comment["id"]!.GetValue<string>();
                Collect(comment["replies"]?.AsArray());
            }
        }
    }
}
