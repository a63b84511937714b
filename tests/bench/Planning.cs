using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Notifications;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>How long the way of a dispatch through its subscribers takes, and how much memory, where nothing is sent; and how long it takes to find an article's keywords among many.</summary>
public sealed class Planning(Options options)
{
    private const int Batch = 1_000, Keywords = 100_000;

    /// <summary>In this process, without a platform.</summary>
    public void RunKeywords()
    {
        var keywords = new Notifications.Keywords();
        for (var i = 0; i < Keywords; i++) keywords.Add(Notifications.Keywords.Normal(Words.Sentence(i, 1 + (i % 3)) + (i < 1_000 ? "" : $" {i}")));
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => string.Join(' ', Enumerable.Range(0, 20).Select(s => Words.Sentence((i * 20) + s, 30))))];
        foreach (var text in texts) _ = keywords.In("", text);
        var times = texts.Select(text =>
        {
            var begun = Stopwatch.GetTimestamp();
            _ = keywords.In("", text);
            return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }).Order().ToList();
        Table.Print($"{keywords.Count:N0} keywords against 600 words", ["p50 ms", "p99 ms", "aim"], [["one article, one thread", $"{times[times.Count / 2]:N2}", $"{times[times.Count * 99 / 100]:N2}", "milliseconds"]]);
    }

    /// <summary>In a database of its own; in this process, which so has all of the service's work and memory, and nothing of it beside planning.</summary>
    public async Task Run()
    {
        RuntimeHelpers.RunClassConstructor(typeof(MongoStore).TypeHandle);
        await using var database = await Infrastructure.NewDatabase();
        var rows = new List<IReadOnlyList<string>>();
        var written = 0;
        foreach (var count in options.Planned)
        {
            await Write(database.Database, written, count);
            written = count;
            var (seconds, first, memory, planned) = await Plan(database.Database);
            rows.Add([$"{count:N0} subscribers", $"{first * 1000:N0}", $"{seconds:N1}", $"{planned / seconds:N0}", $"{planned:N0}", $"{memory:N0}", count == 1_000_000 ? "60 s, 400 MB" : ""]);
        }
        Table.Print("planned, nothing sent", ["first page ms", "all s", "rows/s", "rows", "process MB", "aim"], rows);
    }

    private static async Task<(double Seconds, double First, double Memory, long Planned)> Plan(IMongoDatabase database)
    {
        var dispatches = new DispatchStore(database, new OutboxRelay(new ServiceCollection().BuildServiceProvider(), NullLogger<OutboxRelay>.Instance), TimeProvider.System);
        var ledger = new LedgerStore(database);
        await dispatches.CreateIndexes(default);
        await ledger.CreateIndexes(default);
        await database.GetCollection<Delivery>("ledger").DeleteManyAsync(FilterDefinition<Delivery>.Empty);
        var planner = new Planner(new SubscriptionStore(database), ledger, dispatches, new KnownArticleStore(database), TimeProvider.System);
        var article = new Contracts.ArticlePublished
        {
            ArticleId = Guid.CreateVersion7(),
            Version = 1,
            Edition = 1,
            Language = "ar",
            Title = "x",
            Summary = "",
            Slug = "x",
            Url = "http://localhost/x",
            Categories = ["a", "b"],
            CategoryTree = ["a", "b"],
            Tags = [],
            Authors = [],
            Breaking = false,
            CommentsOpen = true,
            PublishedAt = DateTimeOffset.UtcNow,
        };
        Dispatch? dispatch = Dispatch.Of(article, Guid.NewGuid(), DateTimeOffset.UtcNow);
        await dispatches.TryStart(dispatch, default);
        var raw = database.GetCollection<BsonDocument>(DispatchStore.Collection);
        var (begun, first, memory) = (Stopwatch.GetTimestamp(), 0d, 0d);
        while ((dispatch = await planner.PlanPages(dispatch!, default)) is { Phase: DispatchPhase.Planning })
        {
            if (first == 0) first = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            memory = Math.Max(memory, Environment.WorkingSet / 1e6);
            // What the relay does once the broker has the page.
            await raw.UpdateOneAsync(new BsonDocument("_id", new BsonBinaryData(dispatch.Id, GuidRepresentation.Standard)), new BsonDocument("$set", new BsonDocument("outbox", new BsonArray())));
        }
        return (Stopwatch.GetElapsedTime(begun).TotalSeconds, first, memory, dispatch?.Matched ?? 0);
    }

    /// <summary>Each has one of two categories of the article, every tenth both.</summary>
    private static async Task Write(IMongoDatabase database, int from, int to)
    {
        await new SubscriptionStore(database).CreateIndexes(default);
        var subscriptions = database.GetCollection<Subscription>("subscriptions");
        var (begun, told) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        for (var done = from; done < to; done += Batch)
        {
            await subscriptions.InsertManyAsync(Enumerable.Range(done, Math.Min(Batch, to - done)).Select(New), new InsertManyOptions { IsOrdered = false });
            if (Stopwatch.GetElapsedTime(told) < TimeSpan.FromSeconds(5)) continue;
            told = Stopwatch.GetTimestamp();
            var rate = (done + Batch - from) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            Table.Say($"  {done + Batch:N0} of {to:N0} subscribers written, {(to - done - Batch) / rate:N0} s remaining");
        }
    }

    private static Subscription New(int number)
    {
        string[] categories = number % 10 == 0 ? ["a", "b"] : number % 2 == 0 ? ["a"] : ["b"];
        var preferences = new Preferences("ar", new Topics(false, categories, null, null, null), new Schedule(ScheduleKind.Instant));
        var (address, now) = ($"reader{number}@example.org", DateTimeOffset.UtcNow);
        return new(Guid.CreateVersion7(), 1, address, address, SubscriptionStatus.Confirmed, preferences, Wish.For(preferences).Keys, null, null, now, now, null, now.AddYears(100));
    }
}
