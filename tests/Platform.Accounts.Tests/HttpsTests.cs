using Shouldly;
using Xunit;

namespace Platform.Accounts.Tests;

public sealed class HttpsFixture : AccountsFixture
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("PLATFORM_PUBLIC_URL", "https://news.example")];
}

public sealed class HttpsTests(HttpsFixture accounts) : IClassFixture<HttpsFixture>
{
    [Fact]
    public async Task Behind_https_the_cookie_is_secure_and_bound_to_the_host()
    {
        var cookie = (await accounts.SignIn(AccountsFixture.AdminEmail, AccountsFixture.AdminPassword)).Headers.GetValues("Set-Cookie").Single();

        cookie.ShouldStartWith("__Host-session=ses_");
        cookie.ShouldContain("; secure", Case.Insensitive);
        cookie.ShouldNotContain("domain", Case.Insensitive);
    }
}
