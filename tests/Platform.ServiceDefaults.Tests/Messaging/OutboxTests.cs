using System.Net;
using System.Net.Http.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Sample;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.ServiceDefaults.Tests.Messaging;

public sealed class OutboxTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    [Fact]
    public async Task An_event_is_published_once_and_leaves_the_outbox()
    {
        await using var spy = await MessageSpy.Start(fixture.VirtualHost.Uri, typeof(NoteWritten));
        var note = await Write(fixture.Client(), "once");

        var heard = await spy.Hears<NoteWritten>(m => m.NoteId == note.Id);

        heard.Text.ShouldBe("once");
        await Eventually.True(async () => await OutboxCounts.Waiting(fixture.Database) == 0, "the outbox to be empty");
        spy.Heard<NoteWritten>().Count(m => m.NoteId == note.Id).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_crash_left_in_the_outbox_is_published_with_the_same_message_id()
    {
        await using var spy = await MessageSpy.Start(fixture.VirtualHost.Uri, typeof(NoteWritten));
        var note = new Note(Guid.CreateVersion7(), 1, "left", Mood.Calm, DateTimeOffset.UtcNow);
        var document = note.ToBsonDocument();
        document[Outbox.Field] = Outbox.Entries([new NoteWritten(note.Id, 1, "left")], TimeProvider.System);
        var id = document[Outbox.Field][0]["id"].AsBsonBinaryData.ToGuid(GuidRepresentation.Standard);
        await fixture.Database.Database.GetCollection<BsonDocument>(NoteStore.Notes).InsertOneAsync(document);

        await spy.Hears<NoteWritten>(m => m.NoteId == note.Id);

        spy.MessageIds<NoteWritten>().ShouldContain(id);
        await Eventually.True(async () => await OutboxCounts.Waiting(fixture.Database) == 0, "the outbox to be empty");
    }

    [Fact]
    public async Task Events_of_one_document_keep_their_order()
    {
        await using var spy = await MessageSpy.Start(fixture.VirtualHost.Uri, typeof(NoteWritten));
        var note = await Write(fixture.Client(), "first");
        for (var version = 2; version <= 20; version++) (await fixture.Notes.Save(note with { Version = version, Text = "v" + version }, default)).ShouldBeTrue();

        await spy.Hears<NoteWritten>(m => m.NoteId == note.Id && m.Version == 20);

        spy.Heard<NoteWritten>().Where(m => m.NoteId == note.Id).Select(m => m.Version).Distinct().ShouldBe(Enumerable.Range(1, 20).Select(v => (long)v));
    }

    [Fact]
    public async Task The_sweepers_query_walks_its_index()
    {
        var indexes = await (await fixture.Database.Database.GetCollection<BsonDocument>(NoteStore.Notes).Indexes.ListAsync()).ToListAsync();

        var outbox = indexes.Single(i => i["name"] == "outbox");
        outbox["partialFilterExpression"].ShouldBe(new BsonDocument("outbox.at", new BsonDocument("$exists", true)));
    }

    internal static async Task<Note> Write(HttpClient client, string text)
    {
        var response = await SampleFixture.Post(client, new { text });
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<Note>(StrictJson.Options))!;
    }
}

internal static class OutboxCounts
{
    public static Task<long> Waiting(TestDatabase database) =>
        database.Database.GetCollection<BsonDocument>(NoteStore.Notes).CountDocumentsAsync(new BsonDocument("outbox.at", new BsonDocument("$exists", true)));

    public static Task<long> Remembered(TestDatabase database, IEnumerable<Guid> notes) =>
        database.Database.GetCollection<BsonDocument>("remembered").CountDocumentsAsync(new BsonDocument { ["_id"] = new BsonDocument("$in", new BsonArray(notes.Select(n => new BsonBinaryData(n, GuidRepresentation.Standard)))), ["times"] = 1 });
}
