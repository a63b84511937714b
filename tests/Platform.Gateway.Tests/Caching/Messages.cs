using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Gateway.Tests.Caching;

/// <summary>One message of each kind that evicts.</summary>
internal static class Messages
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    // Everything that some message needs; each takes what it knows.
    private const string Everything = """
        {
          "version": 2, "edition": 1, "language": "ar", "title": "ت", "summary": "", "slug": "politics", "url": "http://localhost:8080/articles/s",
          "categories": ["child"], "categoryTree": ["child", "parent"], "categoriesLeft": ["left"], "tags": ["سلام"], "authors": ["nadia"],
          "breaking": false, "commentsOpen": true, "note": "n", "notify": false, "changed": ["title"], "name": "n", "body": "b", "staff": false, "count": 1, "deleted": false,
          "commentId": "01a209ff-a92b-7a96-8795-c05d4e9ddb10", "categoryId": "01a209ff-a92b-7a96-8795-c05d4e9ddb11", "authorId": "01a209ff-a92b-7a96-8795-c05d4e9ddb13",
          "translations": ["01a209ff-a92b-7a96-8795-c05d4e9ddb12"], "formerSlugs": ["before"], "tag": "before", "into": "now", "formerTags": ["before"], "formerAuthors": ["before"],
          "publishedAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "correctedAt": "2026-01-01T00:00:00Z", "withdrawnAt": "2026-01-01T00:00:00Z",
          "createdAt": "2026-01-01T00:00:00Z", "editedAt": "2026-01-01T00:00:00Z", "removedAt": "2026-01-01T00:00:00Z", "overriddenAt": "2026-01-01T00:00:00Z"
        }
        """;

    /// <param name="name">The message's type in Platform.Contracts.</param>
    public static object About(Guid article, string name)
    {
        var json = JsonNode.Parse(Everything)!;
        json["articleId"] = article;
        return json.Deserialize(typeof(ArticlePublished).Assembly.GetType("Platform.Contracts." + name, throwOnError: true)!, Options)!;
    }
}
