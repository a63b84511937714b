using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using Xunit;
using static Platform.Accounts.Tests.AccountsFixture;

namespace Platform.Accounts.Tests.Features;

public sealed class SignInTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task The_first_admin_signs_in_however_the_address_is_spelled()
    {
        var answer = await accounts.SignIn(" ADMIN@newsroom.EXAMPLE ", AdminPassword);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var me = await Json(answer);
        me["email"]!.GetValue<string>().ShouldBe("admin@newsroom.example");
        me["roles"]!.AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["admin"]);
        me.AsObject().Select(p => p.Key).ShouldBe(["id", "email", "name", "roles"]);
    }

    [Fact]
    public async Task The_session_is_in_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        var cookie = (await accounts.SignIn(AdminEmail, AdminPassword)).Headers.GetValues("Set-Cookie").Single();

        cookie.ShouldStartWith("session=ses_");
        cookie.ShouldContain("; httponly", Case.Insensitive);
        cookie.ShouldContain("; samesite=lax", Case.Insensitive);
        cookie.ShouldContain("; path=/", Case.Insensitive);
        cookie.ShouldNotContain("secure", Case.Insensitive);
    }

    [Fact]
    public async Task Only_a_hash_of_the_session_is_stored()
    {
        var session = await accounts.Session(AdminEmail, AdminPassword);

        (await accounts.Collection("sessions").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync()).ShouldAllBe(s => !s.ToString().Contains(session) && !s.ToString().Contains(session.Substring(4)));
        (await accounts.Collection("sessions").Find(new BsonDocument("_id", Secret.Hash(session))).AnyAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_cause_of_failure_gets_the_same_answer()
    {
        var gone = await accounts.NewMember("writer");
        await Deactivate(gone);

        var answers = new[]
        {
            await accounts.SignIn(AdminEmail, "not the password"),
            await accounts.SignIn("nobody@newsroom.example", "not the password"),
            await accounts.SignIn("not an address", "not the password"),
            await accounts.SignIn(gone.Email, Password),
            await accounts.SignIn(AdminEmail, ""),
        };

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Unauthorized && !a.Headers.Contains("Set-Cookie"));
        var bodies = new List<string>();
        foreach (var answer in answers)
        {
            var body = await Json(answer);
            body.AsObject().Remove("traceId");
            bodies.Add(body.ToJsonString());
        }
        bodies.Distinct().ShouldHaveSingleItem().ShouldContain("session.wrong");
    }

    [Theory]
    [InlineData("""{"email":"a@b.example"}""")]
    [InlineData("""{"password":"x"}""")]
    [InlineData("""{"email":null,"password":"x"}""")]
    [InlineData("""{"email":"","password":"x"}""")]
    [InlineData("""{"email":"a@b.example","password":"x","remember":true}""")]
    [InlineData("""{"email":"a@b.example","password":"x","password":"y"}""")]
    [InlineData("""{"email":"a@b.example","password":"\ud800"}""")]
    [InlineData("""{"email":"\ud800@b.example","password":"x"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_sign_in_request_is_400(string body)
    {
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

        (await accounts.Http.PostAsync(new Uri("/api/session", UriKind.Relative), content)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(AdminEmail)]
    [InlineData("somebody.else@newsroom.example")]
    public async Task The_sixth_failure_of_one_account_from_one_address_is_429_known_account_or_not(string email)
    {
        var from = "198.51.100." + (email.Length % 200);
        for (var i = 0; i < 5; i++) (await accounts.SignIn(email, "wrong " + i, from: from)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var sixth = await accounts.SignIn(email, "wrong", from: from);

        sixth.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        sixth.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        (await accounts.SignIn(email, AdminPassword, from: from)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Whoever_guesses_from_one_address_locks_nobody_out_elsewhere()
    {
        var member = await accounts.NewMember("writer");
        for (var i = 0; i < 6; i++) await accounts.SignIn(member.Email, "wrong", from: "2001:db8:1:2::" + i);

        (await accounts.SignIn(member.Email, Password, from: "2001:db8:1:2::99")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await accounts.SignIn(member.Email, Password, from: "2001:db8:1:3::1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_success_forgets_the_failures_before_it()
    {
        var member = await accounts.NewMember("writer");
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 5; i++) (await accounts.SignIn(member.Email, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await accounts.SignIn(member.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_volley_of_guesses_gets_no_more_tries_than_one_after_the_other()
    {
        var member = await accounts.NewMember("writer");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => accounts.SignIn(member.Email, i == 19 ? Password : "wrong " + i, from: "203.0.113.7")));

        answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized).ShouldBeLessThanOrEqualTo(10);   // five, and five more if the right one fell between
        answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests).ShouldBeGreaterThanOrEqualTo(9);
    }

    [Fact]
    public async Task Many_right_ones_at_once_all_get_in()
    {
        var member = await accounts.NewMember("writer");

        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => accounts.SignIn(member.Email, Password)))).ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lock_ends_with_its_time()
    {
        var member = await accounts.NewMember("writer");
        for (var i = 0; i < 6; i++) await accounts.SignIn(member.Email, "wrong", from: "203.0.113.8");
        var past = new BsonDateTime(DateTime.UtcNow.AddMinutes(-16));
        await accounts.Collection("attempts").UpdateManyAsync(new BsonDocument("lockedUntil", new BsonDocument("$gt", DateTime.UtcNow)),
            new BsonDocument("$set", new BsonDocument { { "lockedUntil", past }, { "failures", new BsonArray(Enumerable.Repeat(past, 5)) } }));

        (await accounts.SignIn(member.Email, "wrong", from: "203.0.113.8")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await accounts.SignIn(member.Email, Password, from: "203.0.113.8")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_takes_the_cookie_back()
    {
        var member = await accounts.NewMember("writer");

        var answer = await accounts.Send(HttpMethod.Delete, "/api/session", member.Session);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("session=; expires=Thu, 01 Jan 1970");
        (await accounts.IsActive(member.Session)).ShouldBeFalse();
    }

    [Fact]
    public async Task Me_is_who_signed_in()
    {
        var member = await accounts.NewMember("writer", "moderator");

        var me = await Json(await accounts.Send(HttpMethod.Get, "/api/me", member.Session));

        me.ToJsonString().ShouldBe($$"""{"id":"{{member.Id}}","email":"{{member.Email}}","name":"Member","roles":["moderator","writer"]}""");
    }

    [Theory]
    [InlineData("GET", "/api/me")]
    [InlineData("DELETE", "/api/session")]
    [InlineData("GET", "/api/tokens")]
    [InlineData("GET", "/api/staff")]
    public async Task Without_a_credential_what_needs_one_is_401(string method, string path) =>
        (await accounts.Send(new HttpMethod(method), path, credential: null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData("not.a.jwt")]
    [InlineData("x")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    public async Task What_is_no_token_of_ours_is_401(string bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);

        (await accounts.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task Deactivate(Member member) =>
        (await accounts.Send(HttpMethod.Put, $"/api/staff/{member.Id}", await accounts.Admin(), new { name = "Gone", roles = new[] { "writer" }, active = false }, "*")).StatusCode.ShouldBe(HttpStatusCode.OK);
}
