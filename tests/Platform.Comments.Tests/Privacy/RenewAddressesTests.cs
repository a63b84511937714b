using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Comments.People;
using Platform.Comments.Privacy;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Privacy;

/// <summary>The keys of addresses are changed under a service with data: before, while and after everything is brought under the new one, and without the old one.</summary>
public sealed class RenewAddressesTests
{
    private const string New = "a new key of addresses for tests of 32 characters and more";
    private const string Old = "service";
    private static readonly string NewId = new AddressKey(New).Id;
    private static readonly string[] Holders = [BanStore.Bans, GuestStore.Guests, CommentStore.Comments];

    private sealed class Rotated : CommentsFixture
    {
        public string? Keys { get; set; }

        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("COMMENTS_ADDRESS_KEYS", Keys)];

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Set(s => s with { Mode = ModerationMode.NewCommenters });
        }

        /// <summary>The same store under other keys.</summary>
        public async Task Restart(string? keys)
        {
            Keys = keys;
            await Restart();
        }

        public IMongoCollection<BsonDocument> Raw(string collection) => Database.Database.GetCollection<BsonDocument>(collection);

        /// <summary>While the lease is another's nothing is renewed.</summary>
        public Task HoldRenewal() => Raw("leases").ReplaceOneAsync("{_id: 'addressKeys'}", new BsonDocument { { "_id", "addressKeys" }, { "holder", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard) }, { "until", DateTime.UtcNow.AddDays(1) } }, new ReplaceOptions { IsUpsert = true });

        public Task LetRenew() => Raw("leases").DeleteOneAsync("{_id: 'addressKeys'}");

        public async Task<long> NotUnder(string key)
        {
            var left = 0L;
            foreach (var holder in Holders) left += await Raw(holder).CountDocumentsAsync(new BsonDocument { { "email", new BsonDocument("$ne", BsonNull.Value) }, { "addressKey", new BsonDocument("$ne", key) } });
            return left;
        }
    }

    [Fact]
    public async Task A_change_of_keys_is_felt_by_nobody()
    {
        await using var fixture = new Rotated();
        await fixture.InitializeAsync();
        var article = await fixture.Article();
        var seal = fixture.Services.GetRequiredService<GuestSeal>();
        var (known, banned, repeating, proved) = (CommentsFixture.NewEmail(), CommentsFixture.NewEmail(), CommentsFixture.NewEmail(), CommentsFixture.NewEmail());
        string[] waiting = [.. Enumerable.Range(0, 3).Select(_ => CommentsFixture.NewEmail())], leaving = [.. Enumerable.Range(0, 3).Select(_ => CommentsFixture.NewEmail())];

        await fixture.Decide("approve", (await fixture.Post(article, email: known)).Id());
        await (await fixture.Moderator.PostAsJsonAsync("/api/moderation/bans", new { email = banned, reason = "r" })).Json(HttpStatusCode.Created);
        await fixture.Post(article, email: repeating, body: "الكلام نفسه");
        var first = await fixture.Post(article, email: proved);
        foreach (var email in waiting.Concat(leaving)) await fixture.Post(article, email: email);
        var links = new Dictionary<string, string>();
        foreach (var email in waiting.Concat(leaving).Append(proved)) links[email] = await Link(email);
        var token = await Prove(links[proved]);
        var tokens = new List<string>();
        foreach (var email in leaving) tokens.Add(await Prove(links[email]));
        await Eventually.True(async () => (await fixture.Guest.Get($"/api/comments/{first.Id()}")).IsSuccessStatusCode, "the proved guest's comment to be published");
        var written = 1;

        // As it lay before keys had ids.
        await fixture.StopService();
        foreach (var holder in Holders) await fixture.Raw(holder).UpdateManyAsync("{}", "{$unset: {addressKey: 1}}");
        await fixture.Raw("renewals").DeleteManyAsync("{}");
        await fixture.HoldRenewal();

        await fixture.Restart($"{New},{Old}");
        await NothingIsFelt(0);

        await fixture.LetRenew();
        await Eventually.True(async () => await fixture.NotUnder(NewId) == 0, "everything to be under the new key", TimeSpan.FromSeconds(60));
        await NothingIsFelt(1);

        await fixture.Restart(New);
        await NothingIsFelt(2);

        async Task NothingIsFelt(int phase)
        {
            await (await fixture.TryPost(article, new { name = "a", email = banned.ToUpperInvariant(), body = $"{phase}" })).Problem(403, "comment.banned");
            await (await fixture.TryPost(article, new { name = "a", email = repeating, body = "الكَلامُ نَفسُه" })).Problem(409, "comment.repeat");
            (await fixture.Post(article, email: known)).Text("status").ShouldBe("published");
            (await fixture.Post(article, email: proved)).Text("status").ShouldBe("published");
            written++;
            (await (await Own(HttpMethod.Get, "/api/guests/me/comments?limit=100", token)).Json()).Items().Length.ShouldBe(written);
            var found = (await (await fixture.Moderator.Get($"/api/moderation/queue?status=published&q={Uri.EscapeDataString(proved)}")).Json()).Items();
            found.Length.ShouldBe(written);
            found.ShouldAllBe(c => c.Text("email") == proved);
            (await (await fixture.Moderator.Get("/api/moderation/bans")).Json()).Items()[0].Text("email").ShouldBe(banned);

            // A link from before the change.
            await Prove(links[waiting[phase]]);
            await Eventually.True(async () => (await fixture.Moderator.Get($"/api/moderation/queue?status=published&q={Uri.EscapeDataString(waiting[phase])}") is var answer) && (await answer.Json()).Items().Length == 1, "what waited for the proof to be published");

            await fixture.Post(article, email: leaving[phase]);
            (await (await Own(HttpMethod.Get, "/api/guests/me/comments", tokens[phase])).Json()).Items().Length.ShouldBe(2);
            (await Own(HttpMethod.Delete, "/api/guests/me", tokens[phase])).StatusCode.ShouldBe(HttpStatusCode.Accepted);
            var hashes = fixture.Services.GetRequiredService<Guests>().Authors(leaving[phase]);
            await Eventually.True(async () => (await fixture.Comments.OfAuthorAfter(hashes, Guid.Empty, 10, default)).Count == 0, "everything of him to be gone");
        }

        async Task<string> Link(string email)
        {
            var mail = await Eventually.Get(() => Task.FromResult(fixture.Spy.Heard<CommentProofRequested>().FirstOrDefault(m => seal.Open(m.Address) == email)), "the mail");
            return seal.Open(mail.Link)!.Split("token=")[1];
        }

        async Task<string> Prove(string link) => (await (await fixture.Guest.PostAsJsonAsync("/api/guests/proof", new { token = link })).Json()).Text("guestToken")!;

        Task<HttpResponseMessage> Own(HttpMethod method, string path, string own) => fixture.Guest.SendAsync(new HttpRequestMessage(method, path) { Headers = { { "X-Guest-Token", own } } });
    }

    [Fact]
    public async Task What_was_erased_under_the_old_key_stays_erased_where_a_backup_from_then_comes_back()
    {
        await using var fixture = new Rotated();
        await fixture.InitializeAsync();
        var (article, email) = (await fixture.Article(), CommentsFixture.NewEmail());
        var comment = await fixture.Post(article, email: email);
        var backup = await fixture.Raw(CommentStore.Comments).Find("{}").ToListAsync();
        var seal = fixture.Services.GetRequiredService<GuestSeal>();
        var mail = await Eventually.Get(() => Task.FromResult(fixture.Spy.Heard<CommentProofRequested>().FirstOrDefault(m => seal.Open(m.Address) == email)), "the mail");
        var token = (await (await fixture.Guest.PostAsJsonAsync("/api/guests/proof", new { token = seal.Open(mail.Link)!.Split("token=")[1] })).Json()).Text("guestToken")!;
        (await fixture.Guest.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/guests/me") { Headers = { { "X-Guest-Token", token } } })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.True(async () => (await fixture.Comments.Find(comment.Id(), default))!.Status == CommentStatus.Deleted, "it to be erased");

        await fixture.Restart($"{New},{Old}");
        await Eventually.True(async () => await fixture.Raw("renewals").CountDocumentsAsync($"{{_id: '{NewId}', finishedAt: {{$ne: null}}}}") == 1, "everything to be under the new key");
        await fixture.StopService();
        foreach (var document in backup) await fixture.Raw(CommentStore.Comments).ReplaceOneAsync(new BsonDocument("_id", document["_id"]), document);

        await fixture.Restart($"{New},{Old}");

        await Eventually.True(async () => (await fixture.Comments.Find(comment.Id(), default))!.Status == CommentStatus.Deleted, "it to be erased again");
    }

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_and_a_key_that_is_needed_is_missed_at_the_start()
    {
        const int many = 3000;
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        await using (await Start(Old)) { }   // makes indexes and settings
        var guests = Of(Old);
        var article = Guid.CreateVersion7();
        var comments = database.Database.GetCollection<Comment>(CommentStore.Comments);
        await comments.InsertManyAsync(Enumerable.Range(0, many).Select(n => CommentTests.New(body: $"{n}") with
        {
            Id = Guid.CreateVersion7(),
            ArticleId = article,
            Under = article,
            Email = guests.Seal($"{n}@example.com"),
            Author = guests.Author($"{n}@example.com"),
            AddressKey = guests.Key,
            RepeatKey = guests.RepeatKey(article, $"{n}@example.com", $"{n}"),
        }));

        // A key that was never there does not start, and says what is missing.
        var (code, output) = await ServiceProcess.Fails(typeof(Program), Settings(New));
        code.ShouldBe(78, output);
        output.ShouldContain($"COMMENTS_ADDRESS_KEYS lacks the key {guests.Key}");

        await using (var killed = await Start($"{New},{Old}"))
        {
            await Eventually.True(async () => await Under(NewId) > 0, "a page to be done", TimeSpan.FromSeconds(60));
            await killed.Kill();
        }
        // In one count, and once the store is done with what the killed one had sent: a page that is written just then is under neither key in two.
        await Eventually.True(async () => await comments.CountDocumentsAsync(c => c.AddressKey == NewId || c.AddressKey == guests.Key) == many, "every comment to be under one of the keys");
        await using (await Start($"{New},{Old}")) await Eventually.True(async () => await Under(NewId) == many, "all to be under the new key", TimeSpan.FromSeconds(90));

        await using (await Start(New)) { }
        var renewed = Of(New);
        var all = await comments.Find(FilterDefinition<Comment>.Empty).ToListAsync();
        all.ShouldAllBe(c => renewed.Reveal(c) == c.Body + "@example.com");
        all.ShouldAllBe(c => c.Version == 1 && c.Author!.SequenceEqual(renewed.Author(c.Body + "@example.com")) && c.RepeatKey.SequenceEqual(renewed.RepeatKey(article, c.Body + "@example.com", c.Body)));

        Task<long> Under(string key) => comments.CountDocumentsAsync(c => c.AddressKey == key);
        Dictionary<string, string?> Settings(string keys) => new() { ["MONGODB_URI"] = database.Uri, ["RABBITMQ_URI"] = host.Uri, ["COMMENTS_ADDRESS_KEYS"] = keys };
        Task<ServiceProcess> Start(string keys) => ServiceProcess.Start(typeof(Program), Settings(keys));

        static Guests Of(string keys)
        {
            var settings = new Microsoft.Extensions.Configuration.ConfigurationManager { ["SERVICE_SECRET"] = TestSettings.Default["SERVICE_SECRET"], ["COMMENTS_ADDRESS_KEYS"] = keys };
            return new(new PlatformSettings(settings), new AddressKeys(settings));
        }
    }

    [Fact]
    public async Task An_address_that_no_key_opens_costs_its_guest_the_mail_and_nobody_else_anything()
    {
        await using var fixture = new Rotated();
        await fixture.InitializeAsync();
        var article = await fixture.Article();
        var closed = await fixture.Comments.Insert(CommentTests.New(CommentStatus.Held) with { ArticleId = article, Under = article, CreatedAt = fixture.Now, ChangedAt = fixture.Now }, default);
        var other = await fixture.Post(article);

        await fixture.Spy.Hears<CommentProofRequested>(_ => true);   // the other's
        var queue = (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}")).Json()).Items();

        queue.Single(c => c.Id() == closed.Id).Text("email").ShouldBeNull();
        queue.Single(c => c.Id() == other.Id()).Text("email").ShouldNotBeNull();
    }
}
