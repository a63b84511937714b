using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Comments.Counting;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;

namespace Platform.Comments.Tests;

/// <summary>Comments with its store and broker, in mode <c>post</c>: guests' comments are published at once.</summary>
public class CommentsFixture : ServiceFixture<Program>
{
    private readonly ShiftedClock _clock = new();

    protected override TimeProvider Clock => _clock;

    public ThreadStore Threads => Services.GetRequiredService<ThreadStore>();
    public CommentStore Comments => Services.GetRequiredService<CommentStore>();
    public HttpClient Guest { get => field ??= Client(); private set; }
    public HttpClient Moderator { get => field ??= Client(Roles.Moderator); private set; }

    public DateTimeOffset Now => _clock.Now();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Set(s => s with { Mode = ModerationMode.Post });
    }

    /// <summary>The clock is ahead by so much until the answer is disposed of.</summary>
    public IDisposable Later(TimeSpan by) => _clock.Ahead(by);

    /// <summary>Stops the service and starts it again, over the same store and broker; as another one where the settings have changed.</summary>
    public async Task Restart()
    {
        await StopService();
        await StartService();
        (Guest, Moderator) = (null!, null!);   // it listens elsewhere now
    }

    public async Task Set(Func<ModerationSettings, ModerationSettings> change)
    {
        var store = Services.GetRequiredService<SettingsStore>();
        var current = await store.Read(default);
        (await store.Save(change(current) with { Version = current.Version + 1 }, null, default)).ShouldBeTrue();
    }

    /// <summary>A published article, known to Comments.</summary>
    public async Task<Guid> Article(bool commentsOpen = true, DateTimeOffset? publishedAt = null)
    {
        var id = Guid.CreateVersion7();
        await Threads.Know(id, new KnownArticle(1, "ar", "عنوان", "http://localhost:8080/articles/x", commentsOpen, publishedAt ?? Now, Withdrawn: false), default);
        return id;
    }

    /// <summary>A moderator's word on whether the thread is open.</summary>
    public Task Override(Guid article, bool? open) =>
        Threads.SetOverride(article, open, ActionTaken.Of(CurrentUser.Anonymous, ModerationAction.ThreadOpened, article, Now), default);

    /// <summary>As after a crash between a request's write and its answer: the keys are claimed, the answers were never kept.</summary>
    public Task ForgetAnswers() => Database.Database.GetCollection<BsonDocument>("idempotency").UpdateManyAsync("{}", "{$set: {answer: null}}");

    /// <summary>A collection as it lies in the store.</summary>
    public async Task<string> Documents(string collection) => string.Join('\n', await Database.Database.GetCollection<BsonDocument>(collection).Find("{}").ToListAsync());

    public static string NewEmail() => $"guest-{Guid.NewGuid():N}@example.com";

    public Task<HttpResponseMessage> TryPost(Guid article, object body, string? key = null, HttpClient? client = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/articles/{article}/comments") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return (client ?? Guest).SendAsync(request);
    }

    public async Task<JsonElement> Post(Guid article, Guid? parentId = null, string? body = null, string? email = null, string name = "قارئ", HttpClient? client = null) =>
        await (await TryPost(article, new { name, email = email ?? NewEmail(), body = body ?? "تعليق " + Guid.NewGuid(), parentId }, client: client)).Json(HttpStatusCode.Created);

    /// <summary>A list, once no count of the thread is under way.</summary>
    public async Task<JsonElement> List(Guid article, string query = "")
    {
        await Settled(article);
        return await (await Guest.Get($"/api/articles/{article}/comments{query}")).Json();
    }

    /// <summary>Waits until no count of the thread is under way: a reader's own patience ends sooner where the machine is busy.</summary>
    public Task Settled(Guid article) => Eventually.True(async () => !await Services.GetRequiredService<ThreadCounter>().Settle(article), "the thread to be counted");

    public async Task<JsonElement> Decide(string decision, params Guid[] ids) =>
        await (await Moderator.PostAsJsonAsync("/api/moderation/decisions", new { items = ids.Select(id => new { id }), decision })).Json();

    private sealed class ShiftedClock : TimeProvider
    {
        private long _ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

        public IDisposable Ahead(TimeSpan by)
        {
            Interlocked.Add(ref _ahead, by.Ticks);
            return new Back(() => Interlocked.Add(ref _ahead, -by.Ticks));
        }

        private sealed class Back(Action back) : IDisposable
        {
            public void Dispose() => back();
        }
    }
}

public static class Answers
{
    public static Task<HttpResponseMessage> Get(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));

    public static async Task<JsonElement> Json(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The answer is a problem with this status and code.</summary>
    public static async Task<JsonElement> Problem(this HttpResponseMessage answer, int status, string? code = null)
    {
        var problem = await answer.Json((HttpStatusCode)status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        if (code is not null) problem.GetProperty("code").GetString().ShouldBe(code);
        return problem;
    }

    public static Guid Id(this JsonElement e) => e.GetProperty("id").GetGuid();
    public static string? Text(this JsonElement e, string name) => e.GetProperty(name).GetString();
    public static JsonElement[] Items(this JsonElement e, string name = "items") => [.. e.GetProperty(name).EnumerateArray()];
    public static Guid[] Ids(this JsonElement e, string name = "items") => [.. e.Items(name).Select(i => i.Id())];
    public static long Total(this JsonElement e) => e.GetProperty("total").GetInt64();
}
