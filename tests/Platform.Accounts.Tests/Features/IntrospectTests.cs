using System.Net;
using System.Net.Http.Headers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using Xunit;
using static Platform.Accounts.Tests.AccountsFixture;

namespace Platform.Accounts.Tests.Features;

public sealed class IntrospectTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task A_session_becomes_a_short_JWT_that_the_published_keys_verify()
    {
        var member = await accounts.NewMember("writer", "moderator");

        var answer = await accounts.Introspect(member.Session);

        answer["active"]!.GetValue<bool>().ShouldBeTrue();
        answer["sub"]!.GetValue<Guid>().ShouldBe(member.Id);
        DateTimeOffset.FromUnixTimeSeconds(answer["exp"]!.GetValue<long>()).ShouldBeInRange(DateTimeOffset.UtcNow.AddHours(11), DateTimeOffset.UtcNow.AddHours(12));
        var keys = new JsonWebKeySet(await accounts.Http.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(answer["jwt"]!.GetValue<string>(), new TokenValidationParameters
        {
            ValidIssuer = "platform",
            ValidAudience = "platform",
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidAlgorithms = ["ES256"],
            ClockSkew = TimeSpan.Zero,
        });
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
        var jwt = (JsonWebToken)result.SecurityToken;
        (jwt.ValidTo - jwt.IssuedAt).ShouldBe(TimeSpan.FromSeconds(60));
        jwt.Subject.ShouldBe(member.Id.ToString());
        jwt.GetClaim("name").Value.ShouldBe("Member");
        jwt.Claims.Where(c => c.Type == "roles").Select(c => c.Value).ShouldBe(["moderator", "writer"]);
        jwt.Kid.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("ses_unknown")]
    [InlineData("pat_unknown")]
    [InlineData("unknown")]
    [InlineData("")]
    public async Task What_nobody_holds_is_inactive_and_no_more_is_said(string token) => (await accounts.Introspect(token)).ToJsonString().ShouldBe("""{"active":false}""");

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic Z2F0ZXdheTp4")]
    public async Task Only_the_gateway_may_ask(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/introspect") { Content = new FormUrlEncodedContent([new("token", "ses_x")]) };
        if (authorization is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);

        (await accounts.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_lives_on_with_use_but_not_beyond_its_limit()
    {
        var member = await accounts.NewMember("writer");
        await Set(member.Session, "expiresAt", DateTime.UtcNow.AddHours(1));
        await accounts.Introspect(member.Session);
        (await Expiry(member.Session)).ShouldBeGreaterThan(DateTime.UtcNow.AddHours(11));

        await Set(member.Session, "until", DateTime.UtcNow.AddHours(2));
        await Set(member.Session, "expiresAt", DateTime.UtcNow.AddHours(1));
        await accounts.Introspect(member.Session);
        (await Expiry(member.Session)).ShouldBeInRange(DateTime.UtcNow.AddHours(1.5), DateTime.UtcNow.AddHours(2));

        await Set(member.Session, "expiresAt", DateTime.UtcNow.AddSeconds(-1));
        (await accounts.IsActive(member.Session)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_is_over_at_its_limit_whatever_else_it_says()
    {
        var member = await accounts.NewMember("writer");
        await Set(member.Session, "until", DateTime.UtcNow.AddSeconds(-1));

        (await accounts.IsActive(member.Session)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_configuration_names_the_keys()
    {
        var configuration = await Json(await accounts.Http.GetAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative)));

        configuration["issuer"]!.GetValue<string>().ShouldBe("platform");
        configuration["jwks_uri"]!.GetValue<string>().ShouldEndWith("/.well-known/jwks.json");
    }

    [Fact]
    public async Task The_contract_is_described_without_what_is_inside()
    {
        var document = await Json(await accounts.Http.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        document["paths"]!.AsObject().Select(p => p.Key).ShouldBe(["/api/session", "/api/me", "/api/me/second-factor", "/api/tokens", "/api/tokens/{id}", "/api/staff", "/api/staff/{id}",
            "/api/dead-letters/accounts", "/api/dead-letters/accounts/replay", "/api/dead-letters/accounts/{id}", "/api/dead-letters/accounts/{id}/replay"], ignoreOrder: true);
        document["paths"]!["/api/session"]!["post"]!["summary"]!.GetValue<string>().ShouldStartWith("Checks the credentials");
    }

    private Task Set(string session, string field, DateTime time) => accounts.Collection("sessions").UpdateOneAsync(Query(session), new BsonDocument("$set", new BsonDocument(field, time)));

    private async Task<DateTime> Expiry(string session) => (await accounts.Collection("sessions").Find(Query(session)).SingleAsync())["expiresAt"].ToUniversalTime();

    private static BsonDocument Query(string session) => new("_id", Secret.Hash(session));
}
