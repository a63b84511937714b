using System.Text.Json;
using System.Text.Json.Serialization;
using static Platform.Web.Feeds;

namespace Platform.Web;

/// <summary>JSON Feed 1.1 (jsonfeed.org/version/1.1).</summary>
public static partial class JsonFeed
{
    public sealed record JsonFeedDocument(string Version, string Title, string HomePageUrl, string FeedUrl, string Language, IReadOnlyList<JsonFeedItem> Items);
    public sealed record JsonFeedItem(string Id, string Url, string Title, string Summary, string ContentHtml, string? Image, DateTimeOffset DatePublished, DateTimeOffset DateModified, IReadOnlyList<JsonFeedAuthor> Authors, IReadOnlyList<string> Tags, string Language);
    public sealed record JsonFeedAuthor(string Name);

    public static byte[] Write(Feed feed) => JsonSerializer.SerializeToUtf8Bytes(new JsonFeedDocument(
        "https://jsonfeed.org/version/1.1", feed.Title, feed.Edition.Public(feed.Page), feed.Edition.Public(feed.Path), feed.Edition.Language,
        [.. feed.Articles.Select(article => new JsonFeedItem(
            Feed.Id(article), feed.Url(article), article.Title, article.Summary ?? "", feed.Html(article), article.LeadImage is { } image ? Variants.Jpeg(image) : null, article.PublishedAt, article.UpdatedAt,
            [.. article.Authors.Select(a => new JsonFeedAuthor(a.Name))], [.. article.Categories.Select(c => c.Name), .. article.Tags], article.Language))]), JsonFeedJson.Default.JsonFeedDocument);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(JsonFeedDocument))]
    private sealed partial class JsonFeedJson : JsonSerializerContext;
}
