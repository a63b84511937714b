using MongoDB.Driver;
using Platform.Notifications.Channels;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Reactions;

/// <summary>Processes of their own, ended while they send. What the mail server took is the truth that the ledger is compared with.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task A_worker_killed_while_it_sends_loses_nobody_and_doubles_nobody()
    {
        const int Count = 4 * Dispatch.PageSize;
        await using var platform = await Running.Start("killed", Count, processes: 2);
        await Eventually.True(() => platform.Sink.Accepted > Count / 5, "a fifth to be sent");
        await platform.Processes[0].Kill();
        await Eventually.True(() => platform.Sink.Accepted > Count / 2, "half to be sent by the other process");
        await platform.Processes[1].Kill();
        platform.Sink.Accepted.ShouldBeLessThan(Count);
        await platform.StartProcess();
        var done = await platform.Done();

        var taken = platform.Sink.Mails.SelectMany(m => m.To).CountBy(a => a).ToDictionary();
        var rows = (await platform.Ledger.Find(d => d.DispatchId == done.Id).ToListAsync()).ToDictionary(d => d.SubscriptionId);
        rows.Count.ShouldBe(Count, "one row for each subscriber");
        foreach (var subscription in platform.Subscribers)
        {
            var (times, row) = (taken.GetValueOrDefault(subscription.Address), rows[subscription.Id]);
            times.ShouldBeLessThanOrEqualTo(1, "nobody is mailed twice");
            if (row.State == DeliveryState.Sent) times.ShouldBe(1, "what is shown as sent was taken");
            else row.State.ShouldBe(DeliveryState.Uncertain, "what is not shown as sent was in flight at a kill");
        }
        var uncertain = rows.Values.Count(r => r.State == DeliveryState.Uncertain);
        uncertain.ShouldBeLessThanOrEqualTo(2 * 2 * EmailChannel.Wave, "two kills, each with two waves in flight");
        done.Counts.ShouldBe(new Counts(Count - uncertain, 0, uncertain, 0, 0));
        done.Matched.ShouldBe(Count);
    }

    [Fact]
    public async Task With_workers_killed_again_and_again_each_reader_is_served_once_or_shown_as_uncertain_and_a_repeat_is_the_same_message()
    {
        const int Count = 1_000, Kills = 5;
        await using var platform = await Running.Start("killed-often", Count, processes: 2, keep: true, latency: TimeSpan.FromMilliseconds(60));
        for (var kill = 1; kill <= Kills; kill++)
        {
            var until = kill * Count / (Kills + 2);
            await Eventually.True(() => platform.Sink.Accepted >= until, $"{until} to be sent", TimeSpan.FromSeconds(60));
            await platform.Processes[^2].Kill();   // the older one of the two that live
            await platform.StartProcess();
        }
        var done = await platform.Done();

        var rows = (await platform.Ledger.Find(d => d.DispatchId == done.Id).ToListAsync()).ToDictionary(d => d.SubscriptionId);
        var taken = platform.Sink.Mails.SelectMany(m => m.To).CountBy(a => a).ToDictionary();
        foreach (var subscription in platform.Subscribers)
        {
            taken.GetValueOrDefault(subscription.Address).ShouldBeLessThanOrEqualTo(1, "nobody is mailed twice");
            if (rows[subscription.Id].State != DeliveryState.Uncertain) (rows[subscription.Id].State, taken.GetValueOrDefault(subscription.Address)).ShouldBe((DeliveryState.Sent, 1), "what is not uncertain was taken");
        }
        var uncertain = rows.Values.Where(r => r.State == DeliveryState.Uncertain).ToList();
        uncertain.Count.ShouldBeLessThanOrEqualTo(Kills * 2 * EmailChannel.Wave, "each kill has two waves in flight");
        done.Counts.ShouldBe(new Counts(Count - uncertain.Count, 0, uncertain.Count, 0, 0));

        // Sent again by hand, nobody is missing, and who gets a second one sees that it is the same.
        foreach (var row in uncertain) (await new LedgerStore(platform.Ledger.Database).Resend(row.Id, DateTimeOffset.UtcNow, default)).ShouldNotBeNull();
        await Eventually.True(async () => await platform.Ledger.CountDocumentsAsync(d => d.DispatchId == done.Id && d.State == DeliveryState.Sent) == Count, "all to be sent", TimeSpan.FromSeconds(60));
        foreach (var mails in platform.Sink.Mails.GroupBy(m => m.To.Single())) mails.Select(m => Parse(m).MessageId).Distinct().Count().ShouldBe(1);
        platform.Sink.Mails.Select(m => m.To.Single()).Distinct().Count().ShouldBe(Count);
    }

    [Fact]
    public async Task With_every_connection_to_store_and_broker_cut_again_and_again_each_reader_is_served_once()
    {
        const int Count = 1_000, Cuts = 4;
        await using var platform = await Running.Start("cut", Count, processes: 2, latency: TimeSpan.FromMilliseconds(30), proxied: true);
        for (var cut = 1; cut <= Cuts; cut++)
        {
            var until = cut * Count / (Cuts + 2);
            await Eventually.True(() => platform.Sink.Accepted >= until, $"{until} to be sent", TimeSpan.FromSeconds(60));
            var proxy = platform.Proxies[cut % platform.Proxies.Count];
            proxy.Down();
            proxy.Up();
        }
        (await platform.Done()).Counts.ShouldBe(new Counts(Count, 0, 0, 0, 0));
        platform.Sink.Mails.SelectMany(m => m.To).Order().ShouldBe(platform.Subscribers.Select(s => s.Address).Order());
    }

    [Theory]
    [InlineData(0, "The ledger does not answer; trying again")]
    [InlineData(1, "Connection Failed")]
    public async Task With_the_store_or_the_broker_away_for_a_while_in_the_middle_nobody_is_missing_and_nobody_served_twice(int which, string complaint)
    {
        const int Count = 1_000, Complaints = 3;
        await using var platform = await Running.Start("away", Count, processes: 2, latency: TimeSpan.FromMilliseconds(30), proxied: true);
        await Eventually.True(() => platform.Sink.Accepted >= Count / 5, "a fifth to be sent", TimeSpan.FromSeconds(60));
        platform.Proxies[which].Down();
        await Eventually.True(() => platform.Processes.Any(p => p.Output.Split(complaint).Length > Complaints), $"'{complaint}' again and again", TimeSpan.FromSeconds(90));
        platform.Proxies[which].Up();

        (await platform.Done()).Counts.ShouldBe(new Counts(Count, 0, 0, 0, 0));
        platform.Sink.Mails.SelectMany(m => m.To).Order().ShouldBe(platform.Subscribers.Select(s => s.Address).Order());
    }

    [Fact]
    public async Task A_worker_that_is_stopped_leaves_nothing_uncertain()
    {
        const int Count = 2 * Dispatch.PageSize;
        await using var platform = await Running.Start("stopped", Count, processes: 1);
        await Eventually.True(() => platform.Sink.Accepted > Count / 4, "a quarter to be sent");
        await platform.Processes[0].Stop();
        platform.Sink.Accepted.ShouldBeLessThan(Count);
        await platform.StartProcess();

        (await platform.Done()).Counts.ShouldBe(new Counts(Count, 0, 0, 0, 0));
        platform.Sink.Mails.SelectMany(m => m.To).Order().ShouldBe(platform.Subscribers.Select(s => s.Address).Order());
    }

    /// <summary>Some processes of the service, a mail server that is slow enough to be interrupted, many subscribers, and an article just published.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly Guid _article = Guid.CreateVersion7();
        private TestDatabase _database = null!;
        private TestVirtualHost _host = null!;
        private string _storeUri = "", _brokerUri = "";

        public SmtpSink Sink { get; private init; } = null!;
        public List<TcpProxy> Proxies { get; } = [];
        public List<ServiceProcess> Processes { get; } = [];
        public IReadOnlyList<Subscription> Subscribers { get; private set; } = [];
        public IMongoCollection<Delivery> Ledger => _database.Database.GetCollection<Delivery>("ledger");

        public static async Task<Running> Start(string category, int subscribers, int processes, bool keep = false, TimeSpan? latency = null, bool proxied = false)
        {
            var platform = new Running { _database = await Infrastructure.NewDatabase(), _host = await Infrastructure.NewVirtualHost(), Sink = new(keep: keep) { Latency = latency ?? TimeSpan.FromMilliseconds(2) } };
            (platform._storeUri, platform._brokerUri) = (platform._database.Uri, platform._host.Uri);
            if (proxied) (platform._storeUri, platform._brokerUri) = (platform.Through(platform._storeUri), platform.Through(platform._brokerUri));
            for (var i = 0; i < processes; i++) await platform.StartProcess();
            platform.Subscribers = [.. Enumerable.Range(0, subscribers).Select(_ => NewSubscription(NewAddress(), category))];
            await platform._database.Database.GetCollection<Subscription>("subscriptions").InsertManyAsync(platform.Subscribers);
            await using var spy = await MessageSpy.Start(platform._host.Uri);
            await spy.Publish(Article(category) with { ArticleId = platform._article });
            return platform;
        }

        /// <summary>The same server by way of a proxy that can be cut.</summary>
        private string Through(string uri)
        {
            var server = new Uri(uri);
            var proxy = new TcpProxy(server.Host, server.Port);
            Proxies.Add(proxy);
            return uri.Replace($"{server.Host}:{server.Port}", $"127.0.0.1:{proxy.Port}", StringComparison.Ordinal);
        }

        public async Task StartProcess() => Processes.Add(await ServiceProcess.Start(typeof(Program), new Dictionary<string, string?>
        {
            ["MONGODB_URI"] = _storeUri,
            ["RABBITMQ_URI"] = _brokerUri,
            ["SMTP_URI"] = Sink.Uri,
            ["MAIL_FROM"] = "news@example.org",
        }));

        public Task<Dispatch> Done() => Eventually.Get<Dispatch>(async () =>
            await _database.Database.GetCollection<Dispatch>("dispatches").Find(d => d.ArticleId == _article && d.Phase == DispatchPhase.Done).FirstOrDefaultAsync(), "the dispatch to be done", TimeSpan.FromSeconds(90));

        public async ValueTask DisposeAsync()
        {
            foreach (var process in Processes) await process.DisposeAsync();
            foreach (var proxy in Proxies) await proxy.DisposeAsync();
            await Sink.DisposeAsync();
            await _host.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}
