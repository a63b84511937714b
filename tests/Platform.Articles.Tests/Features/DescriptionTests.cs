using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class DescriptionTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task The_description_has_what_routes_have_in_common()
    {
        var document = (await articles.Reader.Get("/openapi/v1.json")).Expect(HttpStatusCode.OK);
        JsonNode Operation(string path, string method) => document["paths"]![path]![method]!;
        string[] Parameters(string path, string method, string place) => [.. (Operation(path, method)["parameters"]?.AsArray() ?? []).Where(p => (string?)p!["in"] == place).Select(p => (string)p!["name"]!)];

        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        Parameters("/api/articles", "get", "query").ShouldBe(["language", "category", "tag", "author", "from", "to", "q", "sort", "status", "limit", "cursor"], ignoreOrder: true);
        Parameters("/api/articles/{id}", "put", "header").ShouldBe(["If-Match"]);
        Operation("/api/articles/{id}", "put")["parameters"]!.AsArray().Single(p => (string?)p!["name"] == "If-Match")!["required"]!.GetValue<bool>().ShouldBeTrue();
        Parameters("/api/articles", "post", "header").ShouldBe(["Idempotency-Key"]);
        Parameters("/api/articles/{id}", "get", "header").ShouldBeEmpty();
        Operation("/api/articles/{id}", "get")["responses"]!["default"]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/Problem");
        document["components"]!["schemas"]!["Problem"]!["properties"]!["code"].ShouldNotBeNull();
        document["paths"]!.AsObject().Select(p => p.Key).ShouldNotContain(p => p.Contains("sitemap", StringComparison.Ordinal) || p.Contains("/pages/", StringComparison.Ordinal), "routes that the gateway does not have");
    }
}
