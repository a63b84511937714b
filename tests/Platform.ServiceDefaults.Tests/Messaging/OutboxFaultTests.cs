using System.Collections.Concurrent;
using System.Net;
using Platform.Sample;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.ServiceDefaults.Tests.Messaging;

/// <summary>The broker or the store goes away, and comes back.</summary>
public sealed class OutboxFaultTests(FragileSampleFixture fixture) : IClassFixture<FragileSampleFixture>
{
    [Fact]
    public async Task Without_the_broker_writes_succeed_and_their_events_arrive_when_it_is_back()
    {
        var client = fixture.Client();
        await OutboxTests.Write(client, "before");
        fixture.Broker.Down();
        var notes = new List<Guid>();
        for (var i = 0; i < 20; i++) notes.Add((await OutboxTests.Write(client, "away " + i)).Id);
        (await OutboxCounts.Waiting(fixture.Database)).ShouldBeGreaterThanOrEqualTo(20);
        (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

        fixture.Broker.Up();

        await Eventually.True(async () => await OutboxCounts.Remembered(fixture.Database, notes) == notes.Count, "every event to arrive once", TimeSpan.FromSeconds(60));
        await Eventually.True(async () => await OutboxCounts.Waiting(fixture.Database) == 0, "the outbox to be empty");
    }

    [Fact]
    public async Task Without_the_store_a_request_is_a_503_and_all_goes_on_when_it_is_back()
    {
        var client = fixture.Client();
        fixture.Store.Down();

        var answer = await client.GetAsync(new Uri("/api/notes", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

        fixture.Store.Up();
        await Eventually.True(async () => (await client.GetAsync(new Uri("/api/notes", UriKind.Relative))).IsSuccessStatusCode, "the service to find its store again");
    }

    [Fact]
    public async Task A_message_that_meets_no_store_is_handled_when_the_store_is_back()
    {
        fixture.Store.Down();
        var id = Guid.CreateVersion7();
        await using var spy = await MessageSpy.Start(fixture.VirtualHost.Uri, typeof(NoteWritten));
        await spy.Publish(new NoteWritten(id, 1, "no store"));
        // The request proves that the service has noticed; the message has been tried by then or will be.
        (await fixture.Client().GetAsync(new Uri("/api/notes", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        fixture.Store.Up();

        await Eventually.True(async () => await OutboxCounts.Remembered(fixture.Database, [id]) == 1, "the message to be handled");
    }
}

/// <summary>A service of its own process is killed again and again; two of them share the work.</summary>
public sealed class OutboxKillTests
{
    [Fact]
    public async Task Killed_at_any_moment_nothing_acknowledged_is_lost_or_counted_twice()
    {
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        var acknowledged = new ConcurrentBag<Guid>();
        for (var round = 0; round < 4; round++)
        {
            await using var service = await Start(database, host);
            using var stop = new CancellationTokenSource();
            var target = acknowledged.Count + 60;
            var writers = Enumerable.Range(0, 8).Select(async w =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try { acknowledged.Add((await OutboxTests.Write(service.Http, $"{round}/{w}")).Id); }
                    catch (HttpRequestException) { return; }   // killed
                }
            }).ToArray();
            await Eventually.True(() => acknowledged.Count >= target, "60 writes");
            await service.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        await using var last = await Start(database, host);
        await Eventually.True(async () => await OutboxCounts.Remembered(database, acknowledged) == acknowledged.Count, "every acknowledged note to be counted once", TimeSpan.FromSeconds(60));
        await Eventually.True(async () => await OutboxCounts.Waiting(database) == 0, "the outbox to be empty");
    }

    [Fact]
    public async Task Two_replicas_share_the_work()
    {
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        await using var spy = await MessageSpy.Start(host.Uri, typeof(NoteWritten));
        await using var one = await Start(database, host);
        await using var two = await Start(database, host);

        var notes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => OutboxTests.Write(i % 2 == 0 ? one.Http : two.Http, "shared")));

        await Eventually.True(async () => await OutboxCounts.Remembered(database, notes.Select(n => n.Id)) == 100, "every note to be counted");
        await Eventually.True(async () => await OutboxCounts.Waiting(database) == 0, "the outbox to be empty");
        // A slow confirm may make the sweeper repeat one; the two must not both publish everything.
        spy.MessageIds<NoteWritten>().Count.ShouldBeLessThan(150);
        spy.MessageIds<NoteWritten>().Distinct().Count().ShouldBe(100);
    }

    private static Task<ServiceProcess> Start(TestDatabase database, TestVirtualHost host) => ServiceProcess.Start(typeof(NoteStore), new Dictionary<string, string?>
    {
        ["MONGODB_URI"] = database.Uri,
        ["RABBITMQ_URI"] = host.Uri,
    });
}
