using System.Net;
using System.Net.Http.Json;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class BansTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private Task<HttpResponseMessage> TryBan(object ban) => fixture.Moderator.PostAsJsonAsync("/api/moderation/bans", ban);

    private async Task<Guid> Ban(object ban) => (await (await TryBan(ban)).Json(HttpStatusCode.Created)).Id();

    private async Task Lift(Guid id) => (await fixture.Moderator.DeleteAsync(new Uri($"/api/moderation/bans/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    private async Task<HttpResponseMessage> Comment(Guid article, string? name = null, string? email = null, string? from = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/articles/{article}/comments")
        {
            Content = JsonContent.Create(new { name = name ?? "قارئ", email = email ?? CommentsFixture.NewEmail(), body = "نص " + Guid.NewGuid() }),
        };
        if (from is not null) request.Headers.Add("X-Forwarded-For", from);
        return await fixture.Guest.SendAsync(request);
    }

    [Fact]
    public async Task An_address_is_banned_in_every_spelling_until_that_is_lifted()
    {
        var article = await fixture.Article();
        var email = CommentsFixture.NewEmail();
        var ban = await Ban(new { email, reason = "إساءة متكررة" });

        await (await Comment(article, email: email.ToUpperInvariant())).Problem(403, "comment.banned");
        (await Comment(article)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Lift(ban);
        (await Comment(article, email: email)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await (await fixture.Moderator.DeleteAsync(new Uri($"/api/moderation/bans/{ban}", UriKind.Relative))).Problem(404, "ban.notFound");
    }

    [Theory]
    [InlineData("203.0.113.0/24", "203.0.113.77", "203.0.114.1")]
    [InlineData("198.51.100.99/28", "198.51.100.110", "198.51.100.112")]
    [InlineData("2001:db8:1::/48", "2001:db8:1:ffff::1", "2001:db8:2::1")]
    [InlineData("192.0.2.7/32", "192.0.2.7", "192.0.2.8")]
    public async Task A_network_is_banned(string prefix, string within, string outside)
    {
        var article = await fixture.Article();
        var ban = await Ban(new { ipPrefix = prefix, reason = "سيل من الرسائل" });

        await (await Comment(article, from: within)).Problem(403, "comment.banned");
        (await Comment(article, from: outside)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Lift(ban);
        (await Comment(article, from: within)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_name_is_banned_with_all_that_look_like_it()
    {
        var article = await fixture.Article();
        var ban = await Ban(new { name = "Spam King", reason = "r" });

        foreach (var name in new[] { "spam king", "SPAM-KING", "Sраm Кing", "S\u200bpam\u0301 K1ng" }) await (await Comment(article, name)).Problem(403, "comment.banned");
        (await Comment(article, "Spam Kingdom")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Lift(ban);
    }

    [Fact]
    public async Task A_ban_ends_by_itself()
    {
        var article = await fixture.Article();
        var email = CommentsFixture.NewEmail();
        await Ban(new { email, until = fixture.Now.AddHours(1), reason = "r" });

        await (await Comment(article, email: email)).Problem(403, "comment.banned");
        using (fixture.Later(TimeSpan.FromHours(1))) (await Comment(article, email: email)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_clock_that_was_ahead_and_is_set_right_hides_no_ban()
    {
        var article = await fixture.Article();
        var (one, other) = (CommentsFixture.NewEmail(), CommentsFixture.NewEmail());
        var bans = new List<Guid>();
        using (fixture.Later(TimeSpan.FromHours(1)))
        {
            bans.Add(await Ban(new { email = one, reason = "r" }));
            await (await Comment(article, email: one)).Problem(403, "comment.banned");
        }

        bans.Add(await Ban(new { email = other, reason = "r" }));
        await (await Comment(article, email: other)).Problem(403, "comment.banned");
        foreach (var ban in bans) await Lift(ban);   // the first is newer than all that other tests make
    }

    [Fact]
    public async Task Who_is_banned_cannot_change_what_he_wrote_either_but_can_take_it_back()
    {
        var article = await fixture.Article();
        var email = CommentsFixture.NewEmail();
        var posted = await fixture.Post(article, email: email);
        await Ban(new { email, reason = "r" });

        await (await Send(HttpMethod.Patch)).Problem(403, "comment.banned");
        (await Send(HttpMethod.Delete)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        Task<HttpResponseMessage> Send(HttpMethod method)
        {
            var request = new HttpRequestMessage(method, $"/api/comments/{posted.Id()}") { Content = method == HttpMethod.Patch ? JsonContent.Create(new { body = "other" }) : null };
            request.Headers.Add("X-Edit-Token", posted.Text("editToken"));
            return fixture.Guest.SendAsync(request);
        }
    }

    [Fact]
    public async Task Moderators_see_what_they_banned_and_the_store_keeps_no_readable_address()
    {
        var answer = await TryBan(new { email = "Banned.Reader@Example.com", name = "اسم", ipPrefix = "198.18.0.1/15", until = "2100-01-01T00:00:00+03:00", reason = "سبب" });
        var made = await answer.Json(HttpStatusCode.Created);

        answer.Headers.Location!.AbsoluteUri.ShouldBe($"http://localhost:8080/api/moderation/bans/{made.Id()}");
        var listed = (await (await fixture.Moderator.Get("/api/moderation/bans?limit=100")).Json()).Items().Single(b => b.Id() == made.Id());
        listed.ToString().ShouldBe(made.ToString());
        (listed.Text("email"), listed.Text("name"), listed.Text("ipPrefix"), listed.Text("until"), listed.Text("reason"), listed.GetProperty("active").GetBoolean())
            .ShouldBe(("Banned.Reader@Example.com", "اسم", "198.18.0.0/15", "2099-12-31T21:00:00.000Z", "سبب", true));
        (await fixture.Documents("bans") + await fixture.Documents("log")).ShouldNotContain("banned.reader", Case.Insensitive);
        await Lift(made.Id());
        (await (await fixture.Moderator.Get("/api/moderation/bans?limit=100")).Json()).Ids().ShouldNotContain(made.Id());
    }

    [Fact]
    public async Task Bans_are_paged_newest_first()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 3; i++) made.Add(await Ban(new { name = $"paged {i} {Guid.NewGuid():N}", reason = "r" }));

        // Other tests' bans are there too, some of them from an hour ahead.
        var (listed, next) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await (await fixture.Moderator.Get("/api/moderation/bans?limit=2" + (next is null ? "" : "&cursor=" + next))).Json();
            page.Ids().Length.ShouldBeInRange(1, 2);
            listed.AddRange(page.Ids());
            next = page.Text("next");
        }
        while (next is not null);

        listed.Where(made.Contains).ShouldBe([made[2], made[1], made[0]]);
        await (await fixture.Moderator.Get("/api/moderation/bans?cursor=forged")).Problem(400);
        foreach (var id in made) await Lift(id);
    }

    public static TheoryData<string, int, string> Wrong => new()
    {
        { """{"reason":"r"}""", 400, "email" },
        { """{"email":"a@b.co"}""", 400, "reason" },
        { """{"email":"nobody","reason":"r"}""", 400, "email" },
        { """{"name":"!!","reason":"r"}""", 400, "name" },
        { """{"ipPrefix":"203.0.113.7","reason":"r"}""", 400, "ipPrefix" },
        { """{"ipPrefix":"203.0.113.0/33","reason":"r"}""", 400, "ipPrefix" },
        { """{"ipPrefix":"010.1.1.0/24","reason":"r"}""", 400, "ipPrefix" },
        { """{"ipPrefix":"2001:db8::/129","reason":"r"}""", 400, "ipPrefix" },
        { """{"ipPrefix":"x/24","reason":"r"}""", 400, "ipPrefix" },
        { """{"ipPrefix":"0.0.0.0/0","reason":"r"}""", 422, "ban.tooWide" },
        { """{"ipPrefix":"::ffff:10.0.0.0/97","reason":"r"}""", 422, "ban.tooWide" },
        { """{"name":"x","until":"2001-01-01T00:00:00Z","reason":"r"}""", 422, "ban.untilInPast" },
        { """{"name":"x","until":"2100-01-01","reason":"r"}""", 400, "until" },
        { """{"name":"x","reason":"r","colour":"red"}""", 400, "colour" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_named(string body, int status, string what)
    {
        var problem = await (await fixture.Moderator.PostAsync(new Uri("/api/moderation/bans", UriKind.Relative), new StringContent(body, null, "application/json"))).Problem(status);

        if (status == 400) problem.GetProperty("errors").TryGetProperty(what, out _).ShouldBeTrue(problem.ToString());
        else problem.Text("code").ShouldBe(what);
    }

    [Fact]
    public async Task The_same_key_bans_once()
    {
        var name = $"once {Guid.NewGuid():N}";

        var ids = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/moderation/bans") { Content = JsonContent.Create(new { name, reason = "r" }), Headers = { { "Idempotency-Key", name.Replace(' ', '-') } } };
            ids.Add((await (await fixture.Moderator.SendAsync(request)).Json(HttpStatusCode.Created)).Id());
        }

        ids[1].ShouldBe(ids[0]);
        (await (await fixture.Moderator.Get("/api/moderation/bans?limit=100")).Json()).Items().Count(b => b.Text("name") == name).ShouldBe(1);
        await Lift(ids[0]);
    }

    [Fact]
    public async Task Another_replica_knows_within_a_second_what_was_banned_and_lifted()
    {
        await using var replica = await fixture.StartReplica();
        var article = await fixture.Article();
        var other = new HttpClient { BaseAddress = ((Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program>)replica).ClientOptions.BaseAddress };
        var email = CommentsFixture.NewEmail();
        async Task<int> There() => (int)(await fixture.TryPost(article, new { name = "a", email, body = Guid.NewGuid().ToString() }, client: other)).StatusCode;
        (await There()).ShouldBe(201);

        var ban = await Ban(new { email, reason = "r" });
        await Eventually.True(async () => await There() == 403, "the other replica to know the ban");
        await Lift(ban);
        await Eventually.True(async () => await There() == 201, "the other replica to know that it was lifted");
    }
}
