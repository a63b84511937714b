using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using Xunit;

namespace Platform.ServiceDefaults.Tests.Http;

public sealed class IdempotencyTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    private readonly HttpClient _client = fixture.Client();

    [Fact]
    public async Task The_same_key_and_body_give_the_same_answer_and_one_effect()
    {
        var (key, text) = (Guid.NewGuid().ToString(), Unique());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SampleFixture.Post(_client, new { text }, key)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        answers.Select(a => a.Headers.Location).Distinct().Count().ShouldBe(1);
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        answers.ShouldAllBe(a => a.Headers.ETag!.Tag == "\"1\"" && a.Content.Headers.ContentType!.MediaType == "application/json");
        (await Count(text)).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_422()
    {
        var key = Guid.NewGuid().ToString();
        await SampleFixture.Post(_client, new { text = Unique() }, key);

        var answer = await SampleFixture.Post(_client, new { text = Unique() }, key);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("idempotency.mismatch");
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        var (key, text) = (Guid.NewGuid().ToString(), Unique());
        (await SampleFixture.Post(_client, new { text = "" }, key)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await SampleFixture.Post(_client, new { text }, key)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Callers_do_not_share_keys()
    {
        var (key, text) = (Guid.NewGuid().ToString(), Unique());

        await SampleFixture.Post(fixture.Client(Roles.Writer), new { text }, key);
        await SampleFixture.Post(fixture.Client(Roles.Writer), new { text }, key);

        (await Count(text)).ShouldBe(2);
    }

    [Fact]
    public async Task A_run_that_died_after_its_write_is_finished_by_the_next_without_a_second_effect()
    {
        var (key, text) = (Guid.NewGuid().ToString(), Unique());
        var first = await SampleFixture.Post(_client, new { text }, key);
        // As a kill between the document's write and the answer's leaves it.
        var records = fixture.Database.Database.GetCollection<BsonDocument>("idempotency");
        await records.UpdateManyAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument { ["answer"] = BsonNull.Value, ["lockedUntil"] = DateTime.UtcNow.AddMinutes(-1) }));

        var second = await SampleFixture.Post(_client, new { text }, key);

        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        (await Count(text)).ShouldBe(1);
    }

    [Fact]
    public async Task The_store_holds_neither_key_nor_answer_in_clear()
    {
        var (key, text) = ("key-" + Guid.NewGuid(), Unique());
        await SampleFixture.Post(_client, new { text }, key);

        var records = await fixture.Database.Database.GetCollection<BsonDocument>("idempotency").Find(new BsonDocument()).ToListAsync();

        records.ShouldNotBeEmpty();
        records.ShouldAllBe(r => !r.ToString().Contains(key) && !r.ToString().Contains(text));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_malformed_key_is_a_400(string key) => (await SampleFixture.Post(_client, new { text = Unique() }, key)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    private static string Unique() => "n " + Guid.NewGuid().ToString("N")[..12];

    private Task<long> Count(string text) => fixture.Database.Database.GetCollection<BsonDocument>("notes").CountDocumentsAsync(new BsonDocument("text", text));
}
