using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Comments.Trials;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Trials;

/// <summary>A trial over a process that is killed (kill -9) in each of its phases.</summary>
public sealed class TrialKillTests
{
    private const int Comments = 1000;

    [Fact]
    public async Task Each_comment_is_changed_once_and_changed_back_once_whenever_it_is_killed()
    {
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        await using (await Start()) { }   // makes indexes and settings
        var now = DateTimeOffset.UtcNow;
        var article = Guid.CreateVersion7();
        var threads = database.Database.GetCollection<Thread>(ThreadStore.Threads);
        await threads.InsertOneAsync(new Thread { Id = article, Article = new(1, "ar", "t", "u", CommentsOpen: true, now.AddDays(-1), Withdrawn: false) });
        var comments = database.Database.GetCollection<Comment>(CommentStore.Comments);
        await comments.InsertManyAsync(Enumerable.Range(0, Comments).Select(n => CommentTests.New(body: "مشبوه") with
        {
            Id = Guid.CreateVersion7(now),
            Email = null,   // one that no key opens is a wrong setting
            ArticleId = article,
            Under = article,
            CreatedAt = now.AddSeconds(n - Comments),
            RepeatKey = Guid.NewGuid().ToByteArray(),
        }));
        var before = (await database.Database.GetCollection<ModerationSettings>(SettingsStore.Settings).Find(FilterDefinition<ModerationSettings>.Empty).FirstAsync()) with { Mode = ModerationMode.Post };
        var trials = database.Database.GetCollection<Trial>(TrialStore.Trials);
        var trial = new Trial
        {
            Id = Guid.CreateVersion7(),
            Version = 1,
            Phase = TrialPhase.Running,
            Settings = before with { SuspectWords = ["مشبوه"] },
            Before = before,
            From = now.AddDays(-1),
            AfterAt = now.AddDays(-1),
            To = now,
            By = Guid.CreateVersion7(),
            ByName = "x",
            Total = Comments,
            ExpiresAt = now.AddDays(1),
        };
        await trials.InsertOneAsync(trial);

        (await Reaches(TrialPhase.Done)).Changed.ShouldBe(Comments);

        await Replace((await Read()).Apply(before));
        await Reaches(TrialPhase.Applied);
        await Look(CommentStatus.Held, version: 2, seen: 0);

        await Replace((await Read()).Undo());
        await Reaches(TrialPhase.Undone);
        await Look(CommentStatus.Published, version: 3, seen: Comments);

        Task<ServiceProcess> Start() => ServiceProcess.Start(typeof(Program), new Dictionary<string, string?> { ["MONGODB_URI"] = database.Uri, ["RABBITMQ_URI"] = host.Uri });
        Task<Trial> Read() => trials.Find(t => t.Id == trial.Id).FirstAsync();
        Task Replace(Trial next) => trials.ReplaceOneAsync(t => t.Id == next.Id, next);

        async Task<Trial> Reaches(TrialPhase phase)
        {
            var began = (await Read()).Version;
            await using (var killed = await Start())
            {
                await Eventually.True(async () => (await Read()).Version > began, "a page to be done", TimeSpan.FromSeconds(60));
                await killed.Kill();
            }
            await using var service = await Start();
            await Eventually.True(async () => (await Read()).Phase == phase, $"the trial to be {phase}", TimeSpan.FromSeconds(90));
            return await Read();
        }

        async Task Look(CommentStatus status, long version, long seen)
        {
            (await comments.CountDocumentsAsync(c => c.Status == status && c.Version == version)).ShouldBe(Comments);
            await using var service = await Start();   // counts what the killed one has left uncounted
            await Eventually.True(async () => await threads.Find(t => t.Id == article).FirstAsync() is { } thread && thread.Count == seen && thread.Version > 0, $"{seen} to be counted", TimeSpan.FromSeconds(60));
        }
    }
}
