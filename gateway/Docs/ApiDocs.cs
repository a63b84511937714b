using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Gateway.Proxying;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Docs;

/// <summary>The public contract as one OpenAPI 3.1 document, joined from those of the services; as a page for people whose browser asks for one.</summary>
public sealed class ApiDocs(Parts parts, PlatformSettings settings, TimeProvider clock) : IDisposable
{
    private static readonly string[] Services = ["accounts", "articles", "comments", "notifications"];
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1.5) };
    private readonly SemaphoreSlim _one = new(1, 1);
    private (long At, JsonObject Document)? _joined;

    /// <returns>200 with the document, or its page; a service that is down is named in <c>x-unavailable</c>.</returns>
    public async Task<IResult> Get(HttpContext http)
    {
        foreach (var name in http.Request.Query.Keys) throw new Problem(400, "request.unknownParameter", "There is no such query parameter here.") { Errors = new Dictionary<string, string[]> { [name] = ["Unknown."] } };
        var document = await Joined(http.RequestAborted);
        return http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? Results.Content(Page(document), "text/html; charset=utf-8")
            : Results.Json(document);
    }

    public void Dispose()
    {
        _http.Dispose();
        _one.Dispose();
    }

    private async Task<JsonObject> Joined(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_joined is { } known && clock.GetElapsedTime(known.At) < Kept) return known.Document;
            var documents = await Task.WhenAll(Services.Select(s => Read(s, ct)));
            var joined = Join(documents);
            if (Array.TrueForAll(documents, d => d is not null)) _joined = (clock.GetTimestamp(), joined);
            return joined;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<JsonObject?> Read(string service, CancellationToken ct)
    {
        try
        {
            return await _http.GetFromJsonAsync<JsonObject>(new Uri(parts.Address(service), "/openapi/v1.json"), ct);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    private JsonObject Join(JsonObject?[] documents)
    {
        JsonObject paths = [], schemas = [];
        JsonArray away = [];
        foreach (var (service, document) in Services.Zip(documents))
        {
            if (document is null) { away.Add(service); continue; }
            Rename(document, service);
            foreach (var (path, item) in document["paths"]?.AsObject().ToList() ?? [])
                if (paths[path] is JsonObject there) foreach (var (method, operation) in item!.AsObject().ToList()) there[method] = operation?.DeepClone();
                else paths[path] = item?.DeepClone();
            foreach (var (name, schema) in document["components"]?["schemas"]?.AsObject().ToList() ?? []) schemas[$"{service}.{name}"] = schema?.DeepClone();
        }
        var joined = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "News platform", ["version"] = "1" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = settings.PublicUrl.ToString().TrimEnd('/') }),
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() }, new JsonObject { ["session"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API token of POST /api/tokens." },
                    ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = settings.SessionCookie, ["description"] = "Of POST /api/session; changes need X-Requested-With: platform." },
                },
            },
        };
        if (away.Count > 0) joined["x-unavailable"] = away;
        return joined;
    }

    /// <summary>Two services may use one name for different things.</summary>
    private static void Rename(JsonNode? node, string service)
    {
        const string Prefix = "#/components/schemas/";
        if (node is JsonArray array) foreach (var item in array) Rename(item, service);
        if (node is not JsonObject found) return;
        foreach (var (name, value) in found.ToList())
            if (name == "$ref" && value is JsonValue text && text.TryGetValue<string>(out var target) && target.StartsWith(Prefix, StringComparison.Ordinal)) found[name] = $"{Prefix}{service}.{target[Prefix.Length..]}";
            else Rename(value, service);
    }

    private static string Page(JsonObject document)
    {
        static string Text(JsonNode? node) => HtmlEncoder.Default.Encode(node?.GetValue<string>() ?? "");
        var rows = document["paths"]!.AsObject().OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(path => path.Value!.AsObject().Where(o => o.Value is JsonObject)
            .Select(o => $"<dt><code>{HtmlEncoder.Default.Encode(o.Key.ToUpperInvariant())} {HtmlEncoder.Default.Encode(path.Key)}</code></dt><dd>{Text(o.Value!["summary"])}</dd>"));
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>API</title></head><body><main><h1>API</h1>"
            + $"<p>The whole contract is an OpenAPI 3.1 document at this address, for programs: <code>curl {Text(document["servers"]![0]!["url"])}/api/docs</code></p><dl>{string.Concat(rows)}</dl></main></body></html>\n";
    }
}

public static class OwnRoutes
{
    public static void MapApiDocs(this WebApplication app) => app.MapMethods("/api/docs", [HttpMethods.Get, HttpMethods.Head], (Delegate)app.Services.GetRequiredService<ApiDocs>().Get);

    /// <summary>What services say to each other, and API addresses that nobody has: never a part's business, never a page of Web.</summary>
    public static void MapClosed(this WebApplication app)
    {
        foreach (var path in new[] { "/internal/{**rest}", "/openapi/{**rest}", "/.well-known/openid-configuration", "/.well-known/jwks.json", "/api/{**rest}" })
            app.Map(path, (HttpContext http) => { http.Response.StatusCode = StatusCodes.Status404NotFound; });
    }
}
