using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Platform.Testing;
using Shouldly;

namespace Platform.Articles.Tests.Imports;

internal static class Importing
{
    public static async Task<Answer> Upload(this HttpClient client, byte[] file, string query = "", string type = "application/xml", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/imports" + query) { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response);
    }

    /// <summary>Imports the file, and waits for the end.</summary>
    public static async Task<JsonNode> Import(this HttpClient editor, WxrFile file, string query = "")
    {
        var started = await editor.Upload(file.ToBytes(), query);
        return await editor.Over(started.Expect(HttpStatusCode.Accepted).Text("id"));
    }

    public static Task<JsonNode> Over(this HttpClient editor, string id) =>
        Eventually.Get(async () => (await editor.Get("/api/imports/" + id)).Expect(HttpStatusCode.OK) is var import && import.Text("phase") is "done" or "failed" ? import : null, "the import to be over", TimeSpan.FromSeconds(60));

    public static (long Created, long Updated, long Skipped, int Failed) Counts(this JsonNode import) =>
        ((long)import["created"]!, (long)import["updated"]!, (long)import["skipped"]!, import["failed"]!.AsArray().Count);

    public static string Reason(this JsonNode import, string list, int item) =>
        import[list]!.AsArray().Where(n => n!.Text("item").Contains($" {item}:", StringComparison.Ordinal)).Select(n => n!.Text("reason")).ShouldHaveSingleItem();

    /// <summary>A site of the test's own.</summary>
    public static string NewSite() => $"https://old-{Guid.NewGuid():N}.example";

    public static async Task<JsonNode> BySlug(this HttpClient client, string slug) => (await client.Get("/api/articles/by-slug/" + Uri.EscapeDataString(slug))).Expect(HttpStatusCode.OK);
}
