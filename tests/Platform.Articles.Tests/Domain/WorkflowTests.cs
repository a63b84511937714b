using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Domain;

/// <summary>Every role, status and action. What is expected is written out here once more, cell by cell.</summary>
public sealed class WorkflowTests
{
    private static readonly CurrentUser Author = User(Roles.Writer);

    private static readonly (string Who, CurrentUser User, Hands Hands)[] Callers =
    [
        ("nobody", CurrentUser.Anonymous, Hands.Others),
        ("moderator", User(Roles.Moderator), Hands.Others),
        ("another writer", User(Roles.Writer), Hands.Others),
        ("its writer", Author, Hands.Writer),
        ("its writer, a writer no more", Author with { Roles = new HashSet<string> { Roles.Moderator } }, Hands.Others),
        ("editor", User(Roles.Editor), Hands.Editor),
        ("its writer, an editor by now", Author with { Roles = new HashSet<string> { Roles.Writer, Roles.Editor } }, Hands.Editor),
        ("admin", User(Roles.Admin), Hands.Editor),
    ];

    /// <summary>Statuses of HTTP, by action and whose hands, from draft, inReview, scheduled, published, withdrawn.</summary>
    private static readonly Dictionary<(ArticleAction, Hands), int[]> Expected = new()
    {
        [(ArticleAction.Read, Hands.Others)] = [404, 404, 404, 200, 410],
        [(ArticleAction.Read, Hands.Writer)] = [200, 200, 200, 200, 200],
        [(ArticleAction.Read, Hands.Editor)] = [200, 200, 200, 200, 200],
        [(ArticleAction.ReadRevisions, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.ReadRevisions, Hands.Writer)] = [200, 200, 200, 200, 200],
        [(ArticleAction.ReadRevisions, Hands.Editor)] = [200, 200, 200, 200, 200],
        [(ArticleAction.ReadLog, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.ReadLog, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.ReadLog, Hands.Editor)] = [200, 200, 200, 200, 200],
        [(ArticleAction.Edit, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Edit, Hands.Writer)] = [200, 403, 403, 403, 403],
        [(ArticleAction.Edit, Hands.Editor)] = [200, 200, 200, 200, 422],
        [(ArticleAction.Submit, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Submit, Hands.Writer)] = [200, 422, 422, 422, 422],
        [(ArticleAction.Submit, Hands.Editor)] = [200, 422, 422, 422, 422],
        [(ArticleAction.Return, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Return, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.Return, Hands.Editor)] = [422, 200, 200, 422, 422],
        [(ArticleAction.Publish, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Publish, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.Publish, Hands.Editor)] = [200, 200, 200, 422, 422],
        [(ArticleAction.Schedule, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Schedule, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.Schedule, Hands.Editor)] = [200, 200, 200, 422, 422],
        [(ArticleAction.Correct, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Correct, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.Correct, Hands.Editor)] = [422, 422, 422, 200, 422],
        [(ArticleAction.Withdraw, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Withdraw, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.Withdraw, Hands.Editor)] = [422, 422, 422, 200, 422],
        [(ArticleAction.Delete, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Delete, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.Delete, Hands.Editor)] = [200, 200, 200, 422, 422],
        [(ArticleAction.Restore, Hands.Others)] = [404, 404, 404, 403, 410],
        [(ArticleAction.Restore, Hands.Writer)] = [403, 403, 403, 403, 403],
        [(ArticleAction.Restore, Hands.Editor)] = [200, 200, 200, 200, 422],
    };

    private static readonly Dictionary<int, string> Codes = new() { [403] = "article.notYours", [404] = "article.notFound", [410] = "article.withdrawn", [422] = "article.wrongStatus" };

    [Fact]
    public void The_table_is_whole() => Expected.Keys.ShouldBe(from action in Enum.GetValues<ArticleAction>() from hands in Enum.GetValues<Hands>() select (action, hands), ignoreOrder: true);

    [Fact]
    public void Every_role_status_and_action()
    {
        foreach (var ((action, hands), answers) in Expected)
            foreach (var status in Enum.GetValues<ArticleStatus>())
                foreach (var (who, user, _) in Callers.Where(c => c.Hands == hands))
                    Answer(() => Workflow.Demand(ArticleTests.In(status, Author), action, user)).ShouldBe(answers[(int)status], $"{who}: {action} {status}");
    }

    /// <summary>The article's own methods refuse what the table refuses, whoever calls them.</summary>
    [Fact]
    public void The_articles_own_methods_ask_the_table()
    {
        var now = ArticleTests.Now;
        var deeds = new Dictionary<ArticleAction, Func<Article, CurrentUser, Article>>
        {
            [ArticleAction.Read] = (a, u) => a.For(u),
            [ArticleAction.Edit] = (a, u) => a.Edit(a.Content with { Title = "آخر" }, null, u, now),
            [ArticleAction.Submit] = (a, u) => a.Submit(u, now),
            [ArticleAction.Return] = (a, u) => a.Return("r", u, now),
            [ArticleAction.Publish] = (a, u) => a.Publish(null, u, now),
            [ArticleAction.Schedule] = (a, u) => a.Publish(now.AddDays(1), u, now),
            [ArticleAction.Correct] = (a, u) => a.Correct(a.Content, null, "n", notify: false, u, now),
            [ArticleAction.Withdraw] = (a, u) => a.Withdraw("r", u, now),
            [ArticleAction.Restore] = (a, u) => a.Restore(1, a.Content, null, u, now),
        };
        foreach (var (action, deed) in deeds)
            foreach (var status in Enum.GetValues<ArticleStatus>())
                foreach (var (who, user, hands) in Callers)
                    Answer(() => deed(ArticleTests.In(status, Author), user)).ShouldBe(Expected[(action, hands)][(int)status], $"{who}: {action} {status}");
    }

    /// <summary>Who may is said before what is wrong: rights alone let every status pass.</summary>
    [Fact]
    public void Rights_come_before_statuses()
    {
        foreach (var ((action, hands), answers) in Expected)
            foreach (var status in Enum.GetValues<ArticleStatus>())
                foreach (var (who, user, _) in Callers.Where(c => c.Hands == hands))
                    Answer(() => Workflow.DemandRights(ArticleTests.In(status, Author), action, user)).ShouldBe(answers[(int)status] == 422 ? 200 : answers[(int)status], $"{who}: {action} {status}");
    }

    private static int Answer(Action demand)
    {
        try
        {
            demand();
            return 200;
        }
        catch (Problem e)
        {
            e.Code.ShouldBe(Codes[e.Status]);
            return e.Status;
        }
    }

    private static CurrentUser User(string role) => new(Guid.CreateVersion7(), role, new HashSet<string> { role });
}
