using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Callers;

public sealed class CredentialTests : IClassFixture<GatewayFixture>
{
    private const string Cookie = "session=" + GatewayFixture.Session, BadCookie = "session=ses_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
    private readonly GatewayFixture _gateway;

    public CredentialTests(GatewayFixture gateway)
    {
        _gateway = gateway;
        _gateway.Reset();
        _gateway.Time.Later(TimeSpan.FromSeconds(10));   // what an earlier test was told is forgotten
    }

    [Fact]
    public async Task A_token_is_exchanged_for_a_JWT()
    {
        await _gateway.Send(HttpMethod.Get, "/api/moderation/queue", bearer: GatewayFixture.Token);

        _gateway.Comments.Last.Headers["Authorization"].ShouldBe("Bearer jwt-of-token");
        var asked = _gateway.Accounts.Last;
        asked.Body.ShouldBe($"token={GatewayFixture.Token}&token_type_hint=api");
        asked.Headers["Authorization"].ShouldBe("Bearer " + TestSettings.Default["INTROSPECTION_SECRET"]);
    }

    [Fact]
    public async Task So_is_a_session()
    {
        await _gateway.Send(HttpMethod.Get, "/api/moderation/queue", cookie: Cookie);

        _gateway.Comments.Last.Headers["Authorization"].ShouldBe("Bearer jwt-of-session");
        _gateway.Comments.Last.Headers.ShouldNotContainKey("Cookie");
    }

    [Theory]
    [InlineData("Bearer " + GatewayFixture.Unknown)]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("Bearer jwt-of-token")]
    [InlineData("Basic YTpi")]
    [InlineData("Subscription token")]
    public async Task A_bad_one_is_401_on_public_calls_too(string authorization)
    {
        var answer = await _gateway.Send(HttpMethod.Get, "/api/articles/1", bearer: authorization);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!.GetValue<string>().ShouldBe("credential.invalid");
        _gateway.Articles.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_of_them_are_none()
    {
        var answer = await _gateway.Raw($"GET /api/articles/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayFixture.Token}\r\nAuthorization: Bearer {GatewayFixture.Token}\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task A_bad_session_is_401_under_api_and_its_cookie_is_taken_back()
    {
        var answer = await _gateway.Send(HttpMethod.Get, "/api/articles", cookie: BadCookie);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("session=; expires=Thu, 01 Jan 1970");
    }

    [Fact]
    public async Task Readers_pages_look_at_no_credential()
    {
        (await _gateway.Send(HttpMethod.Get, "/articles/x", cookie: BadCookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _gateway.Send(HttpMethod.Get, "/articles/y", bearer: GatewayFixture.Unknown)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _gateway.Send(HttpMethod.Get, "/articles/z", cookie: Cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _gateway.Introspections.ShouldBe(0);
        _gateway.Web.Requests.ShouldAllBe(r => !r.Headers.ContainsKey("Authorization") && !r.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task Pictures_are_shown_to_everybody_and_staff_are_known()
    {
        await _gateway.Send(HttpMethod.Get, "/media/1/320.webp", cookie: Cookie);
        _gateway.Articles.Last.Headers["Authorization"].ShouldBe("Bearer jwt-of-session");
        await _gateway.Send(HttpMethod.Get, "/media/1/320.webp", bearer: GatewayFixture.Token);
        _gateway.Articles.Last.Headers["Authorization"].ShouldBe("Bearer jwt-of-token");
        foreach (var (cookie, bearer) in new[] { (BadCookie, null), (null, GatewayFixture.Unknown), ((string?)null, (string?)null) })
        {
            (await _gateway.Send(HttpMethod.Get, "/media/1/320.webp", cookie: cookie, bearer: bearer)).StatusCode.ShouldBe(HttpStatusCode.OK);
            _gateway.Articles.Last.Headers.ShouldNotContainKey("Authorization");
        }
    }

    [Fact]
    public async Task The_newsroom_knows_who_is_signed_in_and_asks_others_to_sign_in()
    {
        await _gateway.Send(HttpMethod.Get, "/newsroom/articles", cookie: Cookie);
        _gateway.Web.Last.Headers["Authorization"].ShouldBe("Bearer jwt-of-session");

        (await _gateway.Send(HttpMethod.Get, "/en/newsroom", cookie: BadCookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _gateway.Web.Last.Headers.ShouldNotContainKey("Authorization");
    }

    [Theory]
    [InlineData("POST", "/api/articles")]
    [InlineData("PUT", "/api/articles/1")]
    [InlineData("PATCH", "/api/comments/1")]
    [InlineData("DELETE", "/api/tokens/1")]
    public async Task Changes_by_cookie_need_a_header_that_other_sites_can_not_set(string method, string path)
    {
        (await _gateway.Send(new HttpMethod(method), path, cookie: Cookie)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _gateway.Send(new HttpMethod(method), path, cookie: Cookie, headers: ("X-Requested-With", "XMLHttpRequest"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _gateway.Send(new HttpMethod(method), path, cookie: Cookie, headers: ("X-Requested-With", "platform"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _gateway.Send(new HttpMethod(method), path, bearer: GatewayFixture.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://localhost:8080", 200)]
    [InlineData("Accept", "*/*", 200)]
    public async Task Forms_are_taken_from_our_own_pages(string name, string value, int status)
    {
        using var form = new FormUrlEncodedContent([new("name", "x")]);
        ((int)(await _gateway.Send(HttpMethod.Post, "/articles/x/comments", content: form, headers: (name, value))).StatusCode).ShouldBe(status);
        using var again = new FormUrlEncodedContent([new("name", "x")]);
        ((int)(await _gateway.Send(HttpMethod.Post, "/newsroom/articles", cookie: Cookie, content: again, headers: (name, value))).StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task One_click_unsubscribing_comes_from_anywhere() =>
        (await _gateway.Send(HttpMethod.Post, "/unsubscribe/t", content: new StringContent("List-Unsubscribe=One-Click"), headers: ("Origin", "https://mail.example"))).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Signing_in_is_not_hindered_by_an_old_session()
    {
        (await _gateway.Send(HttpMethod.Post, "/api/session", cookie: BadCookie, content: new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        _gateway.Accounts.Last.Target.ShouldBe("/api/session");
        _gateway.Accounts.Last.Headers.ShouldNotContainKey("Cookie");
    }

    [Fact]
    public async Task Signing_out_tells_Accounts_the_session_and_is_felt_at_once()
    {
        await _gateway.Send(HttpMethod.Get, "/api/me", cookie: Cookie);
        _gateway.Accounts.Answers = http => { _gateway.Known.TryRemove(GatewayFixture.Session, out _); return Task.CompletedTask; };
        (await _gateway.Send(HttpMethod.Delete, "/api/session", cookie: Cookie + "; other=1", headers: ("X-Requested-With", "platform"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        _gateway.Accounts.Last.Headers["Cookie"].ShouldContain(Cookie);
        _gateway.Accounts.Last.Headers["Authorization"].ShouldBe("Bearer jwt-of-session");

        _gateway.Reset();
        _gateway.Known.TryRemove(GatewayFixture.Session, out _);
        (await _gateway.Send(HttpMethod.Get, "/api/me", cookie: Cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_subscription_is_for_Notifications_to_check()
    {
        await _gateway.Send(HttpMethod.Get, "/api/subscriptions/mine", bearer: "Subscription manage-token");

        _gateway.Notifications.Last.Headers["Authorization"].ShouldBe("Subscription manage-token");
        _gateway.Introspections.ShouldBe(0);
    }

    [Fact]
    public async Task Accounts_is_asked_once_in_a_while_however_many_call()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _gateway.Send(HttpMethod.Get, "/api/me", bearer: GatewayFixture.Token)));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _gateway.Send(HttpMethod.Get, "/api/me", bearer: GatewayFixture.Unknown)));

        _gateway.Introspections.ShouldBe(2);
    }

    [Fact]
    public async Task A_revoked_token_is_felt_within_5_s()
    {
        (await _gateway.Send(HttpMethod.Get, "/api/me", bearer: GatewayFixture.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _gateway.Known.TryRemove(GatewayFixture.Token, out _);
        (await _gateway.Send(HttpMethod.Get, "/api/me", bearer: GatewayFixture.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _gateway.Time.Later(TimeSpan.FromSeconds(4));

        (await _gateway.Send(HttpMethod.Get, "/api/me", bearer: GatewayFixture.Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_Accounts_only_those_fail_who_must_be_known()
    {
        await _gateway.Accounts.Stop();
        try
        {
            var answer = await _gateway.Send(HttpMethod.Get, "/api/articles", bearer: GatewayFixture.Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            (await _gateway.Send(HttpMethod.Get, "/api/articles", cookie: Cookie)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await _gateway.Get("/api/articles")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await _gateway.Send(HttpMethod.Post, "/api/articles/1/comments", content: new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await _gateway.Send(HttpMethod.Get, "/", cookie: Cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            await _gateway.Accounts.Start();
            _gateway.Reset();
        }
        (await _gateway.Send(HttpMethod.Get, "/api/articles", bearer: GatewayFixture.Token)).StatusCode.ShouldBe(HttpStatusCode.OK, "a failure is not remembered");
    }

    [Theory]
    [InlineData("session")]
    [InlineData("token")]
    public async Task A_stream_for_staff_breaks_off_when_the_credential_is_over(string kind)
    {
        var left = new TaskCompletionSource();
        _gateway.Notifications.Answers = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("event: dispatch\n\n");
            await http.Response.Body.FlushAsync();
            try { await Task.Delay(Timeout.Infinite, http.RequestAborted); }
            finally { left.SetResult(); }
        };
        using var client = _gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/dispatches/live");
        if (kind == "session") request.Headers.TryAddWithoutValidation("Cookie", Cookie);
        else request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + GatewayFixture.Token);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("event: dispatch");
        await reader.ReadLineAsync(TestContext.Current.CancellationToken);

        _gateway.Accounts.Answers = http => { http.Response.StatusCode = 503; return Task.CompletedTask; };
        _gateway.Time.Later(TimeSpan.FromSeconds(10));
        var asked = _gateway.Introspections;
        await Eventually.True(() => _gateway.Introspections > asked, "Accounts to be asked again");
        left.Task.IsCompleted.ShouldBeFalse("nobody can say that it is over");

        var known = _gateway.Known.ToList();
        _gateway.Reset();
        _gateway.Known.Clear();
        _gateway.Time.Later(TimeSpan.FromSeconds(10));
        await Should.ThrowAsync<IOException>(async () => await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        foreach (var (credential, jwt) in known) _gateway.Known[credential] = jwt;
    }
}
