using Platform.Accounts.Identity;
using Shouldly;
using Xunit;

namespace Platform.Accounts.Tests.Identity;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("elevenchars")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abababababab")]
    [InlineData("123456789012")]
    [InlineData("1234567890123")]
    [InlineData("abcdefghijklm")]
    [InlineData("210987654321")]
    [InlineData("Password1234")]
    [InlineData("password2026!")]
    [InlineData("P@ssw0rd123456")]
    [InlineData("qwertyuiop123")]
    [InlineData("adminadmin12")]
    [InlineData("Welcome20262026")]
    [InlineData("nadia.salim1")]
    [InlineData("nadia.salim@newsroom.example")]
    public void What_everyone_tries_first_is_refused(string password) => PasswordRules.Check(password, "nadia.salim@newsroom.example").ShouldNotBeEmpty();

    [Fact]
    public void More_than_128_characters_are_refused() => PasswordRules.Check(string.Concat(Enumerable.Range(0, 129).Select(i => (char)('a' + (i * 7 % 26)))), "a@b.example").ShouldNotBeEmpty();

    [Theory]
    [InlineData("nine green bottles")]
    [InlineData("7f3a9c0e5b1d48a2")]
    [InlineData("ثلاثة أقمار فوق دجلة")]
    [InlineData("my password is a secret of mine")]
    [InlineData("Tr0ub4dor&3xyz")]
    [InlineData("🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧")]
    public void Long_ones_of_any_kind_are_taken(string password) => PasswordRules.Check(password, "nadia.salim@newsroom.example").ShouldBeEmpty();
}
