using System.Net;
using System.Text.Json.Nodes;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

/// <summary>The table of <see cref="Domain.WorkflowTests"/> once more from outside, where callers without a role do not get as far as the article.</summary>
public sealed class WorkflowOverHttpTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    private static readonly string[] Statuses = ["draft", "inReview", "scheduled", "published", "withdrawn"];

    /// <summary>For each caller and call the answers from draft, inReview, scheduled, published, withdrawn.</summary>
    private static readonly (string Caller, string Call, int[] Answers)[] Expected =
    [
        ("reader", "read", [404, 404, 404, 200, 410]),
        ("reader", "revisions", [401, 401, 401, 401, 401]),
        ("reader", "log", [401, 401, 401, 401, 401]),
        ("reader", "edit", [401, 401, 401, 401, 401]),
        ("reader", "submit", [401, 401, 401, 401, 401]),
        ("reader", "publish", [401, 401, 401, 401, 401]),
        ("reader", "delete", [401, 401, 401, 401, 401]),
        ("moderator", "read", [404, 404, 404, 200, 410]),
        ("moderator", "revisions", [403, 403, 403, 403, 403]),
        ("moderator", "edit", [403, 403, 403, 403, 403]),
        ("moderator", "submit", [403, 403, 403, 403, 403]),
        ("moderator", "withdraw", [403, 403, 403, 403, 403]),
        ("another writer", "read", [404, 404, 404, 200, 410]),
        ("another writer", "revisions", [404, 404, 404, 403, 410]),
        ("another writer", "revision", [404, 404, 404, 403, 410]),
        ("another writer", "diff", [404, 404, 404, 403, 410]),
        ("another writer", "edit", [404, 404, 404, 403, 410]),
        ("another writer", "submit", [404, 404, 404, 403, 410]),
        ("another writer", "return", [403, 403, 403, 403, 403]),
        ("its writer", "read", [200, 200, 200, 200, 200]),
        ("its writer", "revisions", [200, 200, 200, 200, 200]),
        ("its writer", "revision", [200, 200, 200, 200, 200]),
        ("its writer", "diff", [200, 200, 200, 200, 200]),
        ("its writer", "log", [403, 403, 403, 403, 403]),
        ("its writer", "edit", [200, 403, 403, 403, 403]),
        ("its writer", "submit", [200, 422, 422, 422, 422]),
        ("its writer", "return", [403, 403, 403, 403, 403]),
        ("its writer", "publish", [403, 403, 403, 403, 403]),
        ("its writer", "schedule", [403, 403, 403, 403, 403]),
        ("its writer", "correct", [403, 403, 403, 403, 403]),
        ("its writer", "withdraw", [403, 403, 403, 403, 403]),
        ("its writer", "delete", [403, 403, 403, 403, 403]),
        ("its writer", "restore", [403, 403, 403, 403, 403]),
        .. new[] { "editor", "admin" }.SelectMany(caller => new (string, string, int[])[]
        {
            (caller, "read", [200, 200, 200, 200, 200]),
            (caller, "revisions", [200, 200, 200, 200, 200]),
            (caller, "log", [200, 200, 200, 200, 200]),
            (caller, "edit", [200, 200, 200, 200, 422]),
            (caller, "submit", [200, 422, 422, 422, 422]),
            (caller, "return", [422, 200, 200, 422, 422]),
            (caller, "publish", [200, 200, 200, 422, 422]),
            (caller, "schedule", [200, 200, 200, 422, 422]),
            (caller, "correct", [422, 422, 422, 200, 422]),
            (caller, "withdraw", [422, 422, 422, 200, 422]),
            (caller, "delete", [204, 204, 204, 422, 422]),
            (caller, "restore", [200, 200, 200, 200, 422]),
        }),
    ];

    [Fact]
    public async Task Every_caller_call_and_status()
    {
        var callers = new Dictionary<string, HttpClient>
        {
            ["reader"] = articles.Reader,
            ["moderator"] = articles.Client(Roles.Moderator),
            ["another writer"] = articles.Client(Roles.Writer),
            ["its writer"] = articles.Writer,
            ["editor"] = articles.Editor,
            ["admin"] = articles.Client(Roles.Admin),
        };
        var found = new List<string>();
        foreach (var (caller, call, answers) in Expected)
            for (var status = 0; status < Statuses.Length; status++)
            {
                // What changes nothing may share an article.
                var article = answers[status] is 200 or 204 && call is not ("read" or "revisions" or "revision" or "diff" or "log") ? await In(Statuses[status]) : await Shared(Statuses[status]);
                var answer = await Call(callers[caller], article, call);
                if ((int)answer.Status != answers[status]) found.Add($"{caller}: {call} {Statuses[status]}: {(int)answer.Status} {answer.Code} instead of {answers[status]}");
                if (answer.Status == HttpStatusCode.UnprocessableEntity) answer.Code.ShouldBe("article.wrongStatus");
            }
        found.ShouldBeEmpty();
        foreach (var (status, article) in _shared) (await articles.Editor.Get(article.Path())).Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(article.ToJsonString(), status);
    }

    private readonly Dictionary<string, JsonNode> _shared = [];

    private async Task<JsonNode> Shared(string status) => _shared.TryGetValue(status, out var known) ? known : _shared[status] = await In(status);

    private async Task<JsonNode> In(string status)
    {
        var article = await articles.Draft(by: articles.Writer);
        string[] way = status switch { "draft" => [], "inReview" => ["submit"], "scheduled" => ["schedule"], "published" => ["publish"], _ => ["publish", "withdraw"] };
        foreach (var call in way) article = (await Call(articles.Editor, article, call)).Expect(HttpStatusCode.OK);
        article.Text("status").ShouldBe(status);
        return article;
    }

    private Task<Answer> Call(HttpClient client, JsonNode article, string call) => call switch
    {
        "read" => client.Get(article.Path()),
        "revisions" => client.Get(article.Path() + "/revisions"),
        "revision" => client.Get(article.Path() + "/revisions/1"),
        "diff" => client.Get(article.Path() + "/revisions/1/diff"),
        "log" => client.Get(article.Path() + "/log"),
        "edit" => client.Put(article, articles.Input()),
        "schedule" => client.Move(article, "publish", new { at = DateTimeOffset.UtcNow.AddDays(1) }),
        "correct" => client.Move(article, "correct", new { note = "n" }),
        "withdraw" => client.Move(article, "withdraw", new { reason = "r" }),
        "delete" => client.Send("DELETE", article.Path(), null, article.Version()),
        "restore" => client.Move(article, "revisions/1/restore"),
        _ => client.Move(article, call),
    };
}
