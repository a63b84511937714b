using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using Xunit;
using static Platform.Accounts.Tests.AccountsFixture;

namespace Platform.Accounts.Tests.Features;

public sealed class SecondFactorTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task Signing_in_asks_for_a_code_once_the_second_factor_is_on()
    {
        var member = await accounts.NewMember("writer");
        var secret = await Begin(member);
        (await accounts.SignIn(member.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);   // a secret alone asks for nothing
        (await Enable(member, Totp(secret))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var due = await accounts.SignIn(member.Email, Password);
        due.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Code(due)).ShouldBe("session.secondFactor");
        (await Code(await accounts.SignIn(member.Email, "wrong password"))).ShouldBe("session.wrong");
        (await Code(await accounts.SignIn(member.Email, Password, "000000"))).ShouldBe("session.wrong");
        (await Code(await accounts.SignIn(member.Email, Password, "no code"))).ShouldBe("session.wrong");
        (await accounts.SignIn(member.Email, Password, Totp(secret, 1))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await accounts.IsActive(member.Session)).ShouldBeTrue("the session that switched it on goes on");
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var member = await accounts.NewMember("writer");
        var secret = await Begin(member);
        var code = Totp(secret);
        await Enable(member, code);

        (await accounts.SignIn(member.Email, Password, code)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var next = Totp(secret, 1);
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(i => accounts.SignIn(member.Email, Password, next, from: "192.0.2.1" + i)))).Count(a => a.IsSuccessStatusCode).ShouldBe(1);
    }

    [Fact]
    public async Task The_secret_is_told_once_and_sealed_in_the_store()
    {
        var member = await accounts.NewMember("writer");

        var answer = await Json(await accounts.Send(HttpMethod.Post, "/api/me/second-factor", member.Session));

        var secret = answer["secret"]!.GetValue<string>();
        answer["uri"]!.GetValue<string>().ShouldBe($"otpauth://totp/localhost:{Uri.EscapeDataString(member.Email)}?secret={secret}&issuer=localhost&algorithm=SHA1&digits=6&period=30");
        var stored = await accounts.Collection("staff").Find(new BsonDocument("email", member.Email)).SingleAsync();
        stored["secondFactorSecret"].AsByteArray.Length.ShouldBe(secret.Length + 28);
        System.Text.Encoding.ASCII.GetString(stored["secondFactorSecret"].AsByteArray).ShouldNotContain(secret);
    }

    [Fact]
    public async Task Switching_off_takes_a_code()
    {
        var member = await accounts.NewMember("writer");
        (await accounts.Send(HttpMethod.Delete, "/api/me/second-factor", member.Session, new { code = "000000" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var secret = await Begin(member);
        await Enable(member, Totp(secret));

        (await accounts.Send(HttpMethod.Post, "/api/me/second-factor", member.Session)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await accounts.Send(HttpMethod.Delete, "/api/me/second-factor", member.Session, new { code = "000000" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await accounts.Send(HttpMethod.Delete, "/api/me/second-factor", member.Session, new { code = Totp(secret, 1) })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await accounts.SignIn(member.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_is_switched_on_without_a_secret_and_the_right_code()
    {
        var member = await accounts.NewMember("writer");

        (await Code(await Enable(member, "123456"))).ShouldBe("secondFactor.notBegun");
        await Begin(member);
        (await Code(await Enable(member, "000000"))).ShouldBe("secondFactor.wrongCode");
        (await accounts.Send(HttpMethod.Put, "/api/me/second-factor", member.Session, new { })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Guessing_codes_ends_wherever_the_guesses_come_from()
    {
        var member = await accounts.NewMember("writer");
        var secret = await Begin(member);
        await Enable(member, Totp(secret));
        for (var i = 0; i < 30; i++) (await accounts.SignIn(member.Email, Password, "no code", from: $"198.51.100.{i}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await accounts.SignIn(member.Email, Password, Totp(secret, 1), from: "198.51.100.99")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private async Task<string> Begin(Member member) => (await Json(await accounts.Send(HttpMethod.Post, "/api/me/second-factor", member.Session)))["secret"]!.GetValue<string>();

    private Task<HttpResponseMessage> Enable(Member member, string code) => accounts.Send(HttpMethod.Put, "/api/me/second-factor", member.Session, new { code });

    /// <summary>RFC 6238 with its defaults, so many steps from now.</summary>
    private static string Totp(string secret, int steps = 0)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.Select(c => Convert.ToString(Alphabet.IndexOf(c), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes((DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) + steps);
        Array.Reverse(counter);
#pragma warning disable CA5350 // RFC 6238's default
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 15;
        var number = ((hash[offset] & 0x7f) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
