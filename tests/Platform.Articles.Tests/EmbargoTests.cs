using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests;

/// <summary>
/// Until its moment nothing of an article shows to those who have no right to it. Whoever builds another way to articles adds a line to <see cref="Doors"/>
/// (what leads to one article) or <see cref="Lists"/> (what shows many).
/// </summary>
public sealed partial class EmbargoTests(TimedFixture articles) : IClassFixture<TimedFixture>
{
    /// <summary>Ways to one article: method and path, with {id} and {slug}; the answer must be that for an article which does not exist, byte for byte.</summary>
    private static readonly (string Method, string Path)[] Doors =
    [
        ("GET", "/api/articles/{id}"),
        ("HEAD", "/api/articles/{id}"),
        ("OPTIONS", "/api/articles/{id}"),
        ("POST", "/api/articles/{id}"),
        ("PATCH", "/api/articles/{id}"),
        ("PUT", "/api/articles/{id}"),
        ("DELETE", "/api/articles/{id}"),
        ("GET", "/api/articles/by-slug/{slug}"),
        ("HEAD", "/api/articles/by-slug/{slug}"),
        ("POST", "/api/articles/by-slug/{slug}"),
        ("GET", "/api/articles/{id}/related"),
        ("GET", "/api/articles/{id}/related?limit=0"),
        ("POST", "/api/articles/{id}/submit"),
        ("POST", "/api/articles/{id}/return"),
        ("POST", "/api/articles/{id}/publish"),
        ("POST", "/api/articles/{id}/correct"),
        ("POST", "/api/articles/{id}/withdraw"),
        ("GET", "/api/articles/{id}/revisions"),
        ("GET", "/api/articles/{id}/revisions/1"),
        ("GET", "/api/articles/{id}/revisions/1/diff"),
        ("POST", "/api/articles/{id}/revisions/1/restore"),
        ("GET", "/api/articles/{id}/log"),
        ("GET", "/api/articles/{id}/comments"),
    ];

    /// <summary>Ways to many: paths with {category}, {tag}, {author}, {sibling} (a published translation of it, in its category), {from} and {to} (around its times).</summary>
    private static readonly string[] Lists =
    [
        "/api/articles?limit=100",
        "/api/articles?limit=100&language=ar",
        "/api/articles?limit=100&category={category}",
        "/api/articles?limit=100&tag={tag}",
        "/api/articles?limit=100&author={author}",
        "/api/articles?limit=100&from={from}&to={to}",
        "/api/sitemap/articles?from={from}&to={to}",
        "/api/sitemap/months",
        "/api/articles?limit=100&sort=newest",
        "/api/articles/{sibling}",
        "/api/articles/{sibling}/related?limit=100",
        "/api/categories?limit=100",
        "/api/authors?limit=100",
        "/openapi/v1.json",
    ];

    [Theory]
    [InlineData("draft")]
    [InlineData("inReview")]
    [InlineData("scheduled")]
    [InlineData("returned")]
    public async Task What_is_not_public_answers_as_what_does_not_exist(string status)
    {
        var (hidden, _) = await Hidden(status);
        foreach (var (who, client) in Outsiders())
        {
            foreach (var (method, path) in Doors)
                foreach (var header in new[] { "", "If-None-Match: \"1\"", "If-None-Match: *", "If-Match: \"1\"", "If-Match: *", "Range: bytes=0-1", "If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT" })
                {
                    var (unknownId, unknownSlug) = (Guid.CreateVersion7().ToString(), hidden.Text("slug")[..^1] + "q");
                    var answer = await Raw(client, method, path, header, hidden.Text("id"), hidden.Text("slug"));
                    var nothing = await Raw(client, method, path, header, unknownId, unknownSlug);
                    answer.ShouldBe(nothing, $"{who}: {method} {path} {header}");
                    answer.ShouldNotContain(hidden.Text("title"));
                }
        }
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("inReview")]
    [InlineData("scheduled")]
    [InlineData("returned")]
    public async Task What_is_not_public_is_in_no_list(string status)
    {
        var (hidden, fill) = await Hidden(status);
        foreach (var (who, client) in Outsiders())
            foreach (var list in Lists) await ShowsNothing(client, fill(list), hidden, who);
    }

    /// <summary>A millisecond before nothing shows; then everything.</summary>
    [Fact]
    public async Task The_moment_divides()
    {
        var (hidden, fill) = await Hidden("scheduled");
        articles.Time.Advance(hidden["publishAt"]!.GetValue<DateTimeOffset>() - articles.Time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        foreach (var list in Lists) await ShowsNothing(articles.Reader, fill(list), hidden, "a millisecond before");
        (await articles.Reader.Get(hidden.Path())).Refuses(HttpStatusCode.NotFound, "article.notFound");

        await Eventually.True(async () => { articles.Time.Advance(TimeSpan.FromMilliseconds(250)); return (await articles.Reader.Get(hidden.Path())).Status == HttpStatusCode.OK; }, "it to be public");

        (await articles.Reader.Get(fill("/api/articles?limit=100&category={category}"))).Ids().ShouldContain(hidden.Text("id"));
        (await articles.Reader.Get(fill("/api/articles/{sibling}"))).Json!["translations"]!.AsArray().Single()!.Text("id").ShouldBe(hidden.Text("id"));
    }

    [Fact]
    public async Task What_is_withdrawn_is_gone_at_once_from_everywhere()
    {
        var (hidden, fill) = await Hidden("draft");
        var published = (await articles.Editor.Move(hidden, "publish")).Expect(HttpStatusCode.OK);
        (await articles.Reader.Get(fill("/api/articles?limit=100&category={category}"))).Ids().ShouldContain(hidden.Text("id"));
        (await articles.Editor.Move(published, "withdraw", new { reason = "سرّ" })).Expect(HttpStatusCode.OK);
        foreach (var (who, client) in Outsiders())
        {
            foreach (var list in Lists) await ShowsNothing(client, fill(list), published, who);
            foreach (var path in new[] { hidden.Path(), "/api/articles/by-slug/" + Uri.EscapeDataString(hidden.Text("slug")), hidden.Path() + "/related" })
                foreach (var tag in new[] { "\"2\"", "\"3\"", "*" })
                {
                    var gone = await client.Send("GET", path, null, null, ("If-None-Match", tag));
                    gone.Refuses(HttpStatusCode.Gone, "article.withdrawn");
                    gone.Json!.AsObject().Select(p => p.Key).ShouldBe(["type", "title", "status", "code", "traceId"]);
                    (gone.Response.Headers.ETag, gone.Response.Headers.CacheControl!.NoStore).ShouldBe((null, true));
                }
        }
    }

    /// <summary>A writer who wants the slug hears that it is taken, and nothing of by whom; one who translates it, that it does not exist.</summary>
    [Fact]
    public async Task Another_writer_learns_of_a_slug_only_that_it_is_taken()
    {
        var (hidden, _) = await Hidden("scheduled");
        var writer = articles.Client(Roles.Writer);
        var taken = await writer.Send("POST", "/api/articles", articles.Input(new { slug = hidden.Text("slug") }));
        taken.Refuses(HttpStatusCode.Conflict, "article.slugTaken");
        taken.Json!.AsObject().Select(p => p.Key).ShouldBe(["type", "title", "status", "code", "traceId"]);
        (await writer.Send("POST", "/api/articles", articles.Input(new { language = "en", translationOf = hidden.Text("id") }))).Refuses(HttpStatusCode.UnprocessableEntity, "article.unknownOriginal");
        foreach (var status in new[] { "draft", "inReview", "scheduled", "published", "withdrawn" })
            (await writer.Get("/api/articles?limit=100&status=" + status)).Ids().ShouldNotContain(hidden.Text("id"));
    }

    private (string Who, HttpClient Client)[] Outsiders() => [("reader", articles.Reader), ("moderator", articles.Client(Roles.Moderator)), ("another writer", articles.Client(Roles.Writer))];

    /// <summary>An article in the status, with a published translation in the same category; and what fills a path of <see cref="Lists"/>.</summary>
    private async Task<(JsonNode, Func<string, string>)> Hidden(string status)
    {
        var (category, author, tag) = (await articles.NewCategory(), await articles.NewAuthor(), "وسم" + Guid.NewGuid().ToString("N")[..6]);
        var (from, to) = (articles.Time.GetUtcNow(), articles.Time.GetUtcNow().AddDays(2));
        var sibling = await articles.Published(new { language = "en", categories = new[] { category } });
        var hidden = await articles.Draft(new { categories = new[] { category }, authors = new[] { author }, tags = new[] { tag }, translationOf = sibling.Text("id"), title = articles.Word("محظور") }, by: articles.Writer);
        if (status is "inReview" or "returned") hidden = (await articles.Writer.Move(hidden, "submit")).Expect(HttpStatusCode.OK);
        if (status is "returned") hidden = (await articles.Editor.Move(hidden, "return")).Expect(HttpStatusCode.OK);
        if (status is "scheduled") hidden = (await articles.Editor.Move(hidden, "publish", new { at = to.AddDays(-1) })).Expect(HttpStatusCode.OK);
        var values = new Dictionary<string, string> { ["category"] = category, ["author"] = author, ["tag"] = tag, ["sibling"] = sibling.Text("id"), ["from"] = from.ToString("O"), ["to"] = to.ToString("O") };
        return (hidden, path => Blank().Replace(path, m => Uri.EscapeDataString(values[m.Groups["name"].Value])));
    }

    private static async Task ShowsNothing(HttpClient client, string path, JsonNode hidden, string who)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        var text = await response.Content.ReadAsStringAsync();
        foreach (var secret in new[] { hidden.Text("id"), hidden.Text("slug"), hidden.Text("title") }) text.ShouldNotContain(secret, Case.Sensitive, $"{who}: {path}");
    }

    /// <summary>The whole answer as text: status, headers in order, body; without what is each request's own, and what the caller said.</summary>
    private static async Task<string> Raw(HttpClient client, string method, string path, string header, string id, string slug)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal).Replace("{slug}", Uri.EscapeDataString(slug), StringComparison.Ordinal));
        if (method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (header.Length > 0) request.Headers.TryAddWithoutValidation(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 2)..]);
        using var response = await client.SendAsync(request);
        var all = new StringBuilder().Append((int)response.StatusCode);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not "Date")) all.Append('\n').Append(name).Append(": ").AppendJoin(", ", values);
        return TraceId().Replace(all.Append('\n').Append(await response.Content.ReadAsStringAsync()).ToString(), "traceId");
    }

    [GeneratedRegex("\"traceId\":\"[0-9a-f]+\"", RegexOptions.None, 1000)]
    private static partial Regex TraceId();

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blank();
}
