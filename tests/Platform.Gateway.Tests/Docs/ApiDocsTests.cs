using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Docs;

public sealed class ApiDocsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task The_services_documents_are_one_and_one_that_is_down_is_named()
    {
        gateway.Reset();
        gateway.Accounts.Answers = http => Stub.Text(http, Document("/api/me", "Same"), "application/json");
        gateway.Articles.Answers = http => Stub.Text(http, Document("/api/articles", "Same"), "application/json");
        gateway.Notifications.Answers = http => Stub.Text(http, Document("/api/live", "Other"), "application/json");
        await gateway.Comments.Stop();
        JsonNode document;
        try { document = JsonNode.Parse(await gateway.Text("/api/docs"))!; }
        finally { await gateway.Comments.Start(); }
        document["x-unavailable"]!.ToJsonString().ShouldBe("""["comments"]""");

        gateway.Comments.Answers = http => Stub.Text(http, Document("/api/articles", "Same", "post"), "application/json");
        document = JsonNode.Parse(await gateway.Text("/api/docs"))!;

        document["openapi"]!.GetValue<string>().ShouldBe("3.1.1");
        document["x-unavailable"].ShouldBeNull();
        document["servers"]![0]!["url"]!.GetValue<string>().ShouldBe("http://localhost:8080");
        document["paths"]!.AsObject().Select(p => p.Key).ShouldBe(["/api/me", "/api/articles", "/api/live"], ignoreOrder: true);
        document["paths"]!["/api/articles"]!.AsObject().Select(p => p.Key).ShouldBe(["get", "post"], ignoreOrder: true);
        document["components"]!["schemas"]!.AsObject().Select(s => s.Key).ShouldBe(["accounts.Same", "articles.Same", "comments.Same", "notifications.Other"], ignoreOrder: true);
        document["paths"]!["/api/me"]!["get"]!["responses"]!["200"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/accounts.Same");

        var page = await gateway.Get("/api/docs", ("Accept", "text/html"));
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsStringAsync()).ShouldContain("<code>GET /api/live</code>");
        (await gateway.Get("/api/docs?x=1")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static string Document(string path, string schema, string method = "get") => new JsonObject
    {
        ["openapi"] = "3.1.1",
        ["paths"] = new JsonObject
        {
            [path] = new JsonObject { [method] = new JsonObject { ["summary"] = "A <call>", ["responses"] = new JsonObject { ["200"] = new JsonObject { ["$ref"] = "#/components/schemas/" + schema } } } },
        },
        ["components"] = new JsonObject { ["schemas"] = new JsonObject { [schema] = new JsonObject { ["type"] = "object" } } },
    }.ToJsonString();
}
