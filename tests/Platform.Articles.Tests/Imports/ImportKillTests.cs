using MongoDB.Driver;
using Platform.Articles.Imports;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Imports;

/// <summary>Imports in processes of their own, which are killed and which compete.</summary>
public sealed class ImportKillTests
{
    private const int Posts = 400, Comments = 3;

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_and_makes_nothing_twice()
    {
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        await using var spy = await MessageSpy.Start(host.Uri, typeof(ArticlePublished), typeof(CommentsImported));
        var id = await Put(database, WxrGenerator.Generate(Posts, Comments, words: 120));
        var first = await Start(database, host);
        await Eventually.True(async () => await Count(database) > Posts / 4, "a quarter of the articles");
        await first.Kill();
        var left = await Count(database);
        left.ShouldBeLessThan(Posts);

        await using var second = await Start(database, host);
        var import = await Over(database, id);

        (import.Phase, import.Total, import.Created, import.Updated, import.Skipped, import.Failed).ShouldBe((ImportPhase.Done, Posts, Posts, 0, 0, 0));
        (await Count(database)).ShouldBe(Posts);
        await Handed(spy);
        spy.Heard<ArticlePublished>().ShouldAllBe(m => m.Imported);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Two_replicas_import_a_file_once()
    {
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        await using var spy = await MessageSpy.Start(host.Uri, typeof(ArticlePublished), typeof(CommentsImported));
        await using var one = await Start(database, host);
        await using var other = await Start(database, host);
        var id = await Put(database, WxrGenerator.Generate(Posts / 4, Comments, words: 60));

        var import = await Over(database, id);

        (import.Total, import.Created, import.Skipped).ShouldBe((Posts / 4, Posts / 4, 0));
        (await Count(database)).ShouldBe(Posts / 4);
        await Eventually.True(() => spy.Heard<CommentsImported>().SelectMany(m => m.Comments.Select(c => (m.ArticleId, c.ExternalId))).Distinct().Count() == Posts / 4 * Comments, "every comment to be handed over");
        spy.Heard<ArticlePublished>().Select(m => m.ArticleId).Distinct().Count().ShouldBe(Posts / 4);
    }

    private static Task Handed(MessageSpy spy) => Eventually.True(() =>
        spy.Heard<ArticlePublished>().Select(m => m.ArticleId).Distinct().Count() == Posts
        && spy.Heard<CommentsImported>().SelectMany(m => m.Comments.Select(c => (m.ArticleId, c.ExternalId))).Distinct().Count() == Posts * Comments, "every article and comment on the bus", TimeSpan.FromSeconds(60));

    /// <summary>As after the upload.</summary>
    private static async Task<Guid> Put(TestDatabase database, WxrFile file)
    {
        var import = new Import { Id = Guid.CreateVersion7(), Version = 1, Phase = ImportPhase.Reading, DryRun = false, By = Guid.CreateVersion7(), StartedAt = DateTimeOffset.UtcNow, HasFile = true };
        await using (var stream = await new ImportFileStore(database.Database).Create(import.Id, default)) await stream.WriteAsync(file.ToBytes());
        await database.Database.GetCollection<Import>(ImportStore.Collection).InsertOneAsync(import);
        return import.Id;
    }

    private static Task<ServiceProcess> Start(TestDatabase database, TestVirtualHost host) =>
        ServiceProcess.Start(typeof(Program), new Dictionary<string, string?> { ["MONGODB_URI"] = database.Uri, ["RABBITMQ_URI"] = host.Uri });

    private static Task<long> Count(TestDatabase database) => database.Database.GetCollection<Article>(ArticleStore.Collection).CountDocumentsAsync(FilterDefinition<Article>.Empty);

    private static Task<Import> Over(TestDatabase database, Guid id) => Eventually.Get<Import>(async () =>
        await database.Database.GetCollection<Import>(ImportStore.Collection).Find(i => i.Id == id && !i.HasFile).FirstOrDefaultAsync(), "the import to be over", TimeSpan.FromSeconds(120));
}
