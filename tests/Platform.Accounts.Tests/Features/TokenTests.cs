using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using Xunit;
using static Platform.Accounts.Tests.AccountsFixture;

namespace Platform.Accounts.Tests.Features;

public sealed class TokenTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task A_token_is_shown_once_and_acts_for_its_owner()
    {
        var member = await accounts.NewMember("editor");

        var answer = await Create(member.Session, new { name = "Importer", roles = new[] { "writer" }, expiresAt = DateTimeOffset.UtcNow.AddDays(1) });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var created = await Json(answer);
        var token = created["token"]!.GetValue<string>();
        token.ShouldStartWith("pat_");
        answer.Headers.Location!.ToString().ShouldBe($"http://localhost:8080/api/tokens/{created["id"]}");
        var me = await Json(await accounts.Send(HttpMethod.Get, "/api/me", token));
        me["id"]!.GetValue<Guid>().ShouldBe(member.Id);
        me["roles"]!.ToJsonString().ShouldBe("""["writer"]""");

        var list = await accounts.Send(HttpMethod.Get, "/api/tokens", member.Session);
        (await list.Content.ReadAsStringAsync()).ShouldNotContain(token);
        (await Json(list))["items"]!.AsArray().ShouldHaveSingleItem()!["name"]!.GetValue<string>().ShouldBe("Importer");
        (await accounts.Collection("tokens").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync()).ShouldAllBe(t => !t.ToString().Contains(token.Substring(4)));
    }

    [Theory]
    [InlineData("writer", "editor")]
    [InlineData("writer", "admin")]
    [InlineData("moderator", "writer")]
    [InlineData("editor", "moderator")]
    public async Task A_token_reaches_no_further_than_its_maker(string own, string asked)
    {
        var member = await accounts.NewMember(own);

        (await Create(member.Session, new { name = "Too much", roles = new[] { asked } })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_of_few_roles_makes_none_of_more()
    {
        var writer = await NewToken(await accounts.Admin(), "writer");

        (await Create(writer, new { name = "Too much", roles = new[] { "admin" } })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Create(writer, new { name = "Enough", roles = new[] { "writer" } })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_token_loses_what_its_owner_loses_and_gets_it_back_with_it()
    {
        var member = await accounts.NewMember("editor", "moderator");
        var token = await NewToken(member.Session, "editor", "moderator");

        await Change(member, ["moderator"], active: true);
        (await Roles(token)).ShouldBe("""["moderator"]""");
        await Change(member, ["moderator"], active: false);
        (await accounts.IsActive(token)).ShouldBeFalse();
        await Change(member, ["admin"], active: true);
        (await Roles(token)).ShouldBe("""["editor","moderator"]""");
    }

    [Fact]
    public async Task A_revoked_token_is_nobodys()
    {
        var member = await accounts.NewMember("writer");
        var created = await Json(await Create(member.Session, new { name = "Short", roles = new[] { "writer" } }));
        var path = $"/api/tokens/{created["id"]}";

        (await accounts.Send(HttpMethod.Delete, path, await accounts.Admin())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await accounts.Send(HttpMethod.Delete, path, member.Session)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await accounts.Send(HttpMethod.Delete, path, member.Session)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await accounts.IsActive(created["token"]!.GetValue<string>())).ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_ends_when_it_says()
    {
        var created = await Json(await Create(await accounts.Admin(), new { name = "Ends", roles = Array.Empty<string>(), expiresAt = DateTimeOffset.UtcNow.AddHours(1) }));
        var token = created["token"]!.GetValue<string>();
        (await accounts.IsActive(token)).ShouldBeTrue();

        await accounts.Collection("tokens").UpdateOneAsync(new BsonDocument("hash", Secret.Hash(token)), new BsonDocument("$set", new BsonDocument("expiresAt", DateTime.UtcNow.AddMilliseconds(-1))));

        (await accounts.IsActive(token)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_token_request_is_400_and_what_would_be_over_is_422()
    {
        var admin = await accounts.Admin();

        (await Create(admin, new { name = "", roles = new[] { "writer" } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Create(admin, new { name = new string('x', 81), roles = new[] { "writer" } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Create(admin, new { name = "x", roles = new[] { "owner" } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Create(admin, new { name = "x", roles = new string?[] { null } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = (await Json(await Create(admin, new { })))["errors"]!.AsObject();
        errors.Select(e => e.Key).ShouldBe(["name", "roles"], ignoreOrder: true);
        var past = await Create(admin, new { name = "x", roles = new[] { "writer" }, expiresAt = DateTimeOffset.UtcNow.AddMinutes(-1) });
        past.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Code(past)).ShouldBe("token.expiryInPast");
    }

    [Fact]
    public async Task The_same_request_twice_makes_one_token_and_tells_it_twice()
    {
        var member = await accounts.NewMember("writer");
        var key = Guid.NewGuid().ToString();

        var first = await accounts.Send(HttpMethod.Post, "/api/tokens", member.Session, new { name = "Once", roles = new[] { "writer" } }, key: key);
        var second = await accounts.Send(HttpMethod.Post, "/api/tokens", member.Session, new { name = "Once", roles = new[] { "writer" } }, key: key);

        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await accounts.Collection("tokens").CountDocumentsAsync(new BsonDocument("name", "Once"))).ShouldBe(1);
        (await accounts.Collection("idempotency").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync()).ShouldAllBe(d => !d.ToJson().Contains("pat_"));
    }

    [Fact]
    public async Task The_list_comes_in_pages()
    {
        var member = await accounts.NewMember("writer");
        foreach (var name in new[] { "a", "b", "c" }) await Create(member.Session, new { name, roles = new[] { "writer" } });

        var first = await Json(await accounts.Send(HttpMethod.Get, "/api/tokens?limit=2", member.Session));
        var second = await Json(await accounts.Send(HttpMethod.Get, $"/api/tokens?limit=2&cursor={first["next"]}", member.Session));

        first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(t => t!["name"]!.GetValue<string>()).ShouldBe(["a", "b", "c"]);
        second["next"].ShouldBeNull();
        (await accounts.Send(HttpMethod.Get, "/api/tokens?cursor=forged", member.Session)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await accounts.Send(HttpMethod.Get, "/api/tokens?limit=0", member.Session)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await accounts.Send(HttpMethod.Get, "/api/tokens?sort=name", member.Session)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private Task<HttpResponseMessage> Create(string credential, object body) => accounts.Send(HttpMethod.Post, "/api/tokens", credential, body);

    private async Task<string> NewToken(string credential, params string[] roles) => (await Json(await Create(credential, new { name = "Token", roles })))["token"]!.GetValue<string>();

    private async Task<string> Roles(string credential) => (await Json(await accounts.Send(HttpMethod.Get, "/api/me", credential)))["roles"]!.ToJsonString();

    private async Task Change(Member member, string[] roles, bool active) =>
        (await accounts.Send(HttpMethod.Put, $"/api/staff/{member.Id}", await accounts.Admin(), new { name = "Changed", roles, active }, "*")).StatusCode.ShouldBe(HttpStatusCode.OK);
}
