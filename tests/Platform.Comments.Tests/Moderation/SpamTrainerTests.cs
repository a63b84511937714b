using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Comments.Moderation.Spam;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

public sealed class SpamTrainerTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    [Fact]
    public async Task It_learns_each_decision_once_and_then_holds_what_reads_like_it()
    {
        var store = fixture.Services.GetRequiredService<SpamStore>();
        var trainer = fixture.Services.GetRequiredService<SpamTrainer>();
        var article = await fixture.Article();
        var texts = SpamCorpus.Make(400, seed: 5).DistinctBy(c => c.Body).ToArray();
        (string Name, string Body, bool IsSpam)[] taught = [.. texts.Where(t => t.IsSpam).Take(40), .. texts.Where(t => !t.IsSpam).Take(45)];
        await fixture.Set(s => s with { MaxLinks = 100 });
        var ids = new List<(Guid Id, bool IsSpam)>();
        // Some at once: so many would wait longer for their first connections to the store than the service has patience.
        foreach (var some in taught.Chunk(8)) ids.AddRange(await Task.WhenAll(some.Select(async t => ((await fixture.Post(article, name: t.Name, body: t.Body)).Id(), t.IsSpam))));
        await fixture.Decide("spam", [.. ids.Where(i => i.IsSpam).Select(i => i.Id)]);
        await fixture.Decide("approve", [.. ids.Where(i => !i.IsSpam).Select(i => i.Id)]);
        var mistaken = ids.First(i => !i.IsSpam).Id;
        await fixture.Decide("reject", (await fixture.Post(article)).Id());

        await Learnt(40, 45);
        await fixture.Decide("spam", mistaken);
        await Learnt(41, 44);
        await fixture.Decide("approve", mistaken);
        await Learnt(40, 45);

        var spam = texts.Where(t => t.IsSpam).Skip(40).First();
        await Eventually.True(async () => (await fixture.Post(article, name: spam.Name, body: spam.Body + " " + Guid.NewGuid())).Text("status") == "held", "spam to be held");
        var finding = (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}&limit=1")).Json()).Items()[0].Items("findings").ShouldHaveSingleItem();
        finding.Text("rule").ShouldBe("spam");
        (await fixture.Post(article, body: "أتفق مع الكاتب، التعليم أهم من كل هذا")).Text("status").ShouldBe("published");

        async Task Learnt(int spamLessons, int hamLessons)
        {
            await Eventually.True(async () =>
            {
                // As if the decisions were older, twice and by several at once.
                await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => trainer.Learn(fixture.Now.AddMinutes(1), default)));
                return (await store.Read(default)).Model is { } model && (model.SpamLessons, model.HamLessons) == (spamLessons, hamLessons);
            }, $"{spamLessons} lessons of spam and {hamLessons} of comments");
        }
    }

    [Fact]
    public async Task Findings_and_decisions_of_older_versions_are_read()
    {
        var id = (await fixture.Post(await fixture.Article())).Id();
        await fixture.Database.Database.GetCollection<BsonDocument>("comments").UpdateOneAsync(new BsonDocument("_id", new BsonBinaryData(id, GuidRepresentation.Standard)), new BsonDocument("$set", new BsonDocument
        {
            ["status"] = "Rejected",   // teaches nothing, whichever of these tests is first
            ["findings"] = new BsonArray { new BsonDocument { ["rule"] = "links", ["detail"] = "3" } },
            ["decision"] = new BsonDocument { ["by"] = new BsonBinaryData(id, GuidRepresentation.Standard), ["at"] = DateTime.UnixEpoch, ["reason"] = BsonNull.Value },
        }));

        var read = (await fixture.Comments.Find(id, default))!;

        read.Findings.Select(f => (f.Rule, f.Detail, f.Version)).ShouldBe([("links", "3", 1)]);
        read.Decision!.Overruled.ShouldBeNull();
    }
}
