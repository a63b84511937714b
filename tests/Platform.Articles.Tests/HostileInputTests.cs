using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests;

/// <summary>What OWASP's API Security Top 10 (2023) makes one think of: each ends in a 4xx with a clear code, soon, and changes nothing.</summary>
public sealed class HostileInputTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    private const int Megabyte = 1024 * 1024;

    // API1, API5: whose is it, and who may at all. Taken from the routes themselves, so that a new one is tested the day it is mapped.

    [Fact]
    public async Task Every_route_with_an_id_asks_whose_the_article_is()
    {
        var draft = await articles.Draft();   // an editor's
        var writer = articles.Client(Roles.Writer);
        var calls = Routes().Where(r => r.Path.Contains("/articles/{", StringComparison.Ordinal)).ToArray();
        calls.Length.ShouldBeGreaterThan(10);
        foreach (var (method, path, _) in calls)
        {
            var answer = await writer.Send(method, Fill(path, draft), method is "GET" or "HEAD" ? null : path.EndsWith("{id:guid}", StringComparison.Ordinal) && method == "PUT" ? articles.Input() : new { }, 1);
            ((int)answer.Status).ShouldBeOneOf([403, 404], $"{method} {path}");
        }
        await IsUntouched(draft);
    }

    [Fact]
    public async Task Every_route_that_changes_something_wants_rights()
    {
        var draft = await articles.Draft();
        foreach (var (method, path, type) in Routes().Where(r => r.Method is not ("GET" or "HEAD")))
        {
            (await Status(articles.Reader, method, path, type)).ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
            (await Status(articles.Client(Roles.Moderator), method, path, type)).ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        }
        await IsUntouched(draft);

        async Task<HttpStatusCode> Status(HttpClient client, string method, string path, string type)
        {
            // As the route takes it: another media type is refused by routing, before anybody is asked for rights.
            using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path, draft)) { Content = new ByteArrayContent("{}"u8.ToArray()) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    // API3: what a client may not set.

    [Theory]
    [InlineData("id", "\"0190a000-0000-7000-8000-000000000001\"")]
    [InlineData("version", "7")]
    [InlineData("status", "\"published\"")]
    [InlineData("direction", "\"ltr\"")]
    [InlineData("text", "\"x\"")]
    [InlineData("url", "\"http://evil.example\"")]
    [InlineData("commentCount", "9")]
    [InlineData("publishAt", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("publishedAt", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("updatedAt", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("corrections", "[]")]
    [InlineData("translations", "[]")]
    [InlineData("createdAt", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("createdBy", "\"0190a000-0000-7000-8000-000000000001\"")]
    [InlineData("updatedBy", "\"0190a000-0000-7000-8000-000000000001\"")]
    [InlineData("reason", "\"x\"")]
    [InlineData("edition", "2")]
    [InlineData("slugs", "[\"a\"]")]
    [InlineData("tagKeys", "[\"a\"]")]
    [InlineData("action", "\"published\"")]
    [InlineData("outbox", "[]")]
    [InlineData("_id", "\"x\"")]
    [InlineData("$set", "{}")]
    [InlineData("__proto__", "{}")]
    [InlineData("Title", "\"x\"")]
    public async Task What_a_client_may_not_set_is_refused_by_name(string field, string value)
    {
        var published = await articles.Published();
        var input = articles.Input();
        input[field] = JsonNode.Parse(value);
        var before = await Count();
        foreach (var answer in new[]
        {
            await articles.Editor.Send("POST", "/api/articles", input),
            await articles.Editor.Put(published, input),
            await articles.Editor.Move(published, "correct", JsonNode.Parse($$"""{"note": "n", "{{field}}": {{value}}}""")),
            await articles.Editor.Move(published, "withdraw", JsonNode.Parse($$"""{"reason": "n", "{{field}}x": {{value}}}""")),
            await articles.Editor.Move(published, "publish", JsonNode.Parse($$"""{"{{field}}": {{value}}}""")),
        })
        {
            answer.Refuses(HttpStatusCode.BadRequest, "request.malformed");
            answer.Json!["errors"]!.AsObject().Count.ShouldBe(1);
        }
        (await Count()).ShouldBe(before);
        await IsUntouched(published);
    }

    // API4: how much.

    public static TheoryData<string, int> Bodies => new()
    {
        { "{\"body\": \"" + new string('a', 5 * Megabyte) + "\"}", 413 },
        { "{" + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"a{i}\":1")) + "}", 413 },
        { "{" + string.Join(',', Enumerable.Range(0, 150_000).Select(i => $"\"a{i}\":1")) + "}", 400 },
        { "{" + string.Join(',', Enumerable.Repeat("\"title\":\"a\"", 100_000)) + "}", 400 },
        { "{\"title\":" + string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1001), 400 },
        { new string('[', 1_000_000), 400 },
        { "{\"tags\": [" + string.Join(',', Enumerable.Repeat("\"a\"", 400_000)) + "]}", 400 },
        { "{\"title\": 1" + new string('0', 1_000_000) + "}", 400 },
        { "{\"breaking\": tru", 400 },
        { "{\"title\": \"\\ud800\"}", 400 },
        { "{\"title\": \"a\u0001\"}", 400 },
        { "{'title': 'a'}", 400 },
        { "{\"title\": \"a\"} {}", 400 },
        { "/* c */ {}", 400 },
        { "title=a", 400 },
        { "\"a\"", 400 },
        { "9", 400 },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_too_large_too_deep_or_no_JSON_is_refused(string body, int status)
    {
        var published = await articles.Published();
        var before = await Count();
        foreach (var (method, path) in new[] { ("POST", "/api/articles"), ("PUT", published.Path()), ("POST", published.Path() + "/correct"), ("POST", published.Path() + "/withdraw"), ("POST", "/api/categories"), ("PUT", "/api/authors/x") })
            foreach (var chunked in new[] { false, true })
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                var answer = await Send(method, path, content, chunked);
                // A large one may be refused for its first field, before it has come to its end.
                answer.ShouldBeOneOf(status == 413 ? [413, 400] : [status], $"{method} {path}");
            }
        (await Count()).ShouldBe(before);
        await IsUntouched(published);
    }

    [Fact]
    public async Task The_largest_body_that_is_allowed_is_compared_and_restored_too()
    {
        var words = string.Join(' ', Enumerable.Range(0, 150_000).Select(i => $"كلمة{i}"))[..300_000];   // escaped, nearly 2 MB
        var first = await articles.Draft(new { body = "<p>" + words + "</p>" });
        var second = (await articles.Editor.Put(first, articles.Input(new { body = "<p>" + new string([.. words.Reverse()]) + "</p>" }))).Expect(HttpStatusCode.OK);
        (await articles.Editor.Get(first.Path() + "/revisions/2/diff")).Expect(HttpStatusCode.OK).AsArray().ShouldContain(c => c!.Text("field") == "body");
        (await articles.Editor.Put(first, articles.Input())).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        (await articles.Editor.Move(second, "revisions/1/restore")).Expect(HttpStatusCode.OK).Text("text").ShouldBe(first.Text("text"));
    }

    [Fact]
    public async Task Huge_headers_are_refused()
    {
        ((int)(await articles.Editor.Send("GET", "/api/articles", null, null, ("X-Long", new string('a', 40_000)))).Status).ShouldBe(431);
        ((int)(await articles.Editor.Send("GET", "/api/articles", null, null, [.. Enumerable.Range(0, 200).Select(i => ($"X-{i}", "a"))])).Status).ShouldBe(431);
        ((int)(await articles.Editor.Send("GET", "/api/articles?tag=" + new string('a', 20_000))).Status).ShouldBe(414);
        (await articles.Editor.Send("PUT", (await articles.Draft()).Path(), articles.Input(), null, ("If-Match", "\"" + new string('1', 20_000) + "\""))).Refuses(HttpStatusCode.BadRequest, "request.ifMatch");
        (await articles.Editor.Send("POST", "/api/articles", articles.Input(), null, ("Idempotency-Key", new string('a', 129)))).Refuses(HttpStatusCode.BadRequest, "request.invalid");
    }

    // API8: the form of a request.

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=windows-1256")]
    [InlineData("application/json; charset=\"\"")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task Another_media_type_or_charset_is_refused(string? type)
    {
        var published = await articles.Published();
        var before = await Count();
        foreach (var (method, path) in new[] { ("POST", "/api/articles"), ("PUT", published.Path()), ("POST", published.Path() + "/correct"), ("POST", published.Path() + "/withdraw"), ("POST", "/api/authors") })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(articles.Input().ToJsonString()));
            if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
            (await Send(method, path, content)).ShouldBe(415, $"{method} {path}");
        }
        (await Count()).ShouldBe(before);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        var before = await Count();
        foreach (var bytes in new byte[][] { [0xff, 0xfe], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82] })
        {
            using var content = new ByteArrayContent([.. "{\"language\":\"ar\",\"categories\":[],\"body\":\"b\",\"title\":\"a"u8, .. bytes, .. "\"}"u8]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            (await Send("POST", "/api/articles", content)).ShouldBe(400, Convert.ToHexString(bytes));
        }
        (await Count()).ShouldBe(before);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\u0000b")]
    [InlineData("\\ud800")]
    [InlineData("a\\udc00b")]
    [InlineData("\\ud800\\ud800")]
    [InlineData("\\ufffe")]
    public async Task NUL_and_halves_of_characters_are_refused_in_every_field(string bad)
    {
        var before = await Count();
        foreach (var field in new[] { "\"title\": \"{0}\"", "\"kicker\": \"{0}\"", "\"summary\": \"{0}\"", "\"slug\": \"{0}\"", "\"language\": \"{0}\"", "\"tags\": [\"{0}\"]", "\"categories\": [\"{0}\"]", "\"authors\": [\"{0}\"]", "\"dateline\": {{\"place\": \"{0}\"}}" })
        {
            var json = articles.Input().ToJsonString();
            var name = field[1..field.IndexOf('"', 1)];
            var input = JsonNode.Parse(json)!.AsObject();
            input.Remove(name);
            using var content = new StringContent(input.ToJsonString()[..^1] + "," + string.Format(System.Globalization.CultureInfo.InvariantCulture, field, bad) + "}", Encoding.UTF8, "application/json");
            (await Send("POST", "/api/articles", content)).ShouldBe(400, field);
        }
        (await Count()).ShouldBe(before);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("0190a000-0000-7000-8000-00000000000g")]
    [InlineData("0190a000-0000-7000-8000-0000000000000")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("%00")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("%ED%A0%80")]
    [InlineData("%FF")]
    [InlineData("{\"$ne\":null}")]
    [InlineData("';--")]
    [InlineData("null")]
    [InlineData("*")]
    public async Task What_is_no_id_is_not_there(string id)
    {
        foreach (var (method, path) in new[] { ("GET", "/api/articles/{0}"), ("PUT", "/api/articles/{0}"), ("DELETE", "/api/articles/{0}"), ("POST", "/api/articles/{0}/publish"), ("GET", "/api/articles/{0}/revisions"), ("GET", "/api/articles/by-slug/{0}"), ("GET", "/api/articles/{0}/log") })
        {
            var answer = await articles.Editor.Send(method, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id), method is "PUT" ? articles.Input() : null, 1);
            ((int)answer.Status).ShouldBeOneOf([400, 404, 405], $"{method} {path} {id}");
            answer.Response.Content.Headers.ContentType?.MediaType.ShouldBeOneOf("application/problem+json", null);
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("W/\"1\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"1.0\"")]
    [InlineData("\"0x1\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"99999999999999999999\"")]
    [InlineData("'1'")]
    [InlineData("")]
    public async Task An_If_Match_that_names_no_version_is_refused(string value)
    {
        var published = await articles.Published();
        foreach (var (method, path, body) in new (string, string, object?)[] { ("PUT", "", articles.Input()), ("POST", "/correct", new { note = "n" }), ("POST", "/withdraw", new { reason = "r" }), ("POST", "/return", null), ("DELETE", "", null), ("POST", "/revisions/1/restore", null) })
        {
            var answer = await articles.Editor.Send(method, published.Path() + path, body, null, ("If-Match", value));
            if (value.Length > 0) answer.Refuses(HttpStatusCode.BadRequest, "request.ifMatch");
            else ((int)answer.Status).ShouldBeOneOf([400, 422, 428], method + path);
        }
        await IsUntouched(published);
    }

    [Fact]
    public async Task Two_If_Match_headers_name_no_version()
    {
        var published = await articles.Published();
        (await articles.Editor.Send("PUT", published.Path(), articles.Input(), null, ("If-Match", "\"1\""), ("If-Match", "\"2\""))).Refuses(HttpStatusCode.BadRequest, "request.ifMatch");
        (await articles.Editor.Send("PUT", published.Path(), articles.Input(), null, ("If-Match", "\"0\""))).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        (await articles.Editor.Send("PUT", published.Path(), articles.Input(), null, ("If-Match", "\"9223372036854775807\""))).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        await IsUntouched(published);
        (await articles.Editor.Send("PUT", published.Path(), articles.Input(), null, ("If-Match", "*"))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_forged_cursor_is_refused()
    {
        var category = await articles.NewCategory();
        for (var i = 0; i < 3; i++) await articles.Published(new { categories = new[] { category } });
        var real = (await articles.Reader.Get("/api/articles?limit=1")).Expect(HttpStatusCode.OK).Text("next");
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(real);
        var forged = new List<string> { "", "x", "null", "%00", new('A', 5000), real + "A", real[..^2], real[4..], Convert.ToBase64String(bytes) + "==", System.Buffers.Text.Base64Url.EncodeToString("Published\u001f0\u001f0190a000-0000-7000-8000-000000000001"u8) };
        for (var i = 0; i < bytes.Length; i += 3)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            forged.Add(System.Buffers.Text.Base64Url.EncodeToString(changed));
        }
        foreach (var cursor in forged)
            foreach (var list in new[] { "/api/articles", "/api/categories", "/api/authors" })
                (await articles.Reader.Get($"{list}?cursor={Uri.EscapeDataString(cursor)}")).Refuses(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("status[$ne]=draft")]
    [InlineData("language[]=ar")]
    [InlineData("limit=1e1")]
    [InlineData("limit=%2B1")]
    [InlineData("limit=٥")]
    [InlineData("limit=1&limit=2")]
    [InlineData("limit=99999999999")]
    [InlineData("from=0000-00-00")]
    [InlineData("from=2026-02-30")]
    [InlineData("to=99999-01-01")]
    [InlineData("LIMIT=1")]
    public async Task A_query_that_means_nothing_is_refused(string query) => (await articles.Reader.Get("/api/articles?" + query)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("category=%00")]
    [InlineData("tag=%ED%A0%80")]
    [InlineData("author=%FF")]
    [InlineData("language=%F0%9F%98%80")]
    [InlineData("tag={\"$gt\":\"\"}")]
    [InlineData("category=$where")]
    [InlineData("tag=.*")]
    [InlineData("tag=%EF%BF%BE")]
    [InlineData("from=0001-01-01&to=9999-12-31")]
    public async Task A_filter_is_a_value_and_never_a_question_of_its_own(string query)
    {
        var answer = await articles.Reader.Get("/api/articles?" + query);
        ((int)answer.Status).ShouldBeOneOf([200, 400]);
        if (answer.Status == HttpStatusCode.OK && !query.StartsWith("from", StringComparison.Ordinal)) answer.Ids().ShouldBeEmpty();
    }

    /// <summary>No answer tells how it came about, whatever Accept says; nor is a method or a host believed that a header names.</summary>
    [Fact]
    public async Task Errors_and_addresses_are_ours()
    {
        var draft = await articles.Draft();
        foreach (var accept in new[] { "text/html", "*/*", "text/plain", "image/png", "" })
            (await articles.Editor.Send("GET", "/api/articles?cursor=x", null, null, ("Accept", accept))).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Reader.Send("GET", draft.Path(), null, null, ("X-HTTP-Method-Override", "DELETE"), ("X-Original-URL", "/api/articles/log"), ("X-Forwarded-Host", "evil.example"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var made = await articles.Editor.Send("POST", "/api/articles", articles.Input(), null, ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher"));
        made.Expect(HttpStatusCode.Created).Text("url").ShouldStartWith("http://localhost:8080/");
        made.Response.Headers.Location!.ToString().ShouldStartWith("http://localhost:8080/");
        await IsUntouched(draft);
    }

    /// <summary>A request that is begun and never ended holds nothing up.</summary>
    [Fact]
    public async Task A_body_that_never_comes_harms_nobody()
    {
        var address = articles.Reader.BaseAddress!;
        var sockets = Enumerable.Range(0, 50).Select(_ => new TcpClient(address.Host, address.Port)).ToArray();
        foreach (var socket in sockets) await socket.GetStream().WriteAsync("POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray());
        (await articles.Reader.Get("/api/articles")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var socket in sockets) socket.Dispose();
    }

    /// <summary>The routes under /api, and the media type that each takes.</summary>
    private IEnumerable<(string Method, string Path, string Type)> Routes() =>
        from endpoint in articles.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.FirstOrDefault() ?? "application/json");

    /// <summary>Puts the article into a route: its id, its slug, its first version.</summary>
    private static string Fill(string path, JsonNode article) => string.Join('/', path.Split('/').Select(part => part switch
    {
        _ when !part.Contains('{', StringComparison.Ordinal) => part,
        _ when part.Contains("id", StringComparison.OrdinalIgnoreCase) => article.Text("id"),
        _ when part.Contains("slug", StringComparison.OrdinalIgnoreCase) => Uri.EscapeDataString(article.Text("slug")),
        _ => "1",
    }));

    private async Task<int> Send(string method, string path, HttpContent content, bool chunked = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.TryAddWithoutValidation("If-Match", "\"2\"");
        request.Headers.TransferEncodingChunked = chunked;
        try
        {
            using var response = await articles.Editor.SendAsync(request);
            if (response.Content.Headers.ContentType is { } type) type.MediaType.ShouldBe("application/problem+json");
            return (int)response.StatusCode;
        }
        catch (HttpRequestException e) when (e.InnerException is IOException or SocketException)
        {
            return 413;   // refused while it was still being sent
        }
    }

    private Task<long> Count() => articles.Database.Database.GetCollection<BsonDocument>(ArticleStore.Collection).CountDocumentsAsync(new BsonDocument());

    private async Task IsUntouched(JsonNode article) => (await articles.Editor.Get(article.Path())).Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(article.ToJsonString());
}
