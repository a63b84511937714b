using Shouldly;
using Xunit;

namespace Platform.ServiceDefaults.Tests;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("a@b.co")]
    [InlineData("first.last+tag@sub.example.org")]
    [InlineData("o'brien@example.com")]
    [InlineData("محمد@مثال.إختبار")]
    [InlineData("user@xn--mgbh0fb.xn--kgbechtv")]
    public void A_bare_address_is_valid(string email) => EmailAddress.IsValid(email).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("@example.com")]
    [InlineData("a@")]
    [InlineData("a@b")]
    [InlineData("a@b.com.")]
    [InlineData("a@.com")]
    [InlineData("a@b..com")]
    [InlineData("a@-b.com")]
    [InlineData("a@b_c.com")]
    [InlineData("a@b@c.com")]
    [InlineData(".a@b.com")]
    [InlineData("a.@b.com")]
    [InlineData("a..b@c.com")]
    [InlineData("a b@c.com")]
    [InlineData("a@b.com\r\nBcc: x@y.com")]
    [InlineData("a\u202eb@c.com")]
    [InlineData("Name <a@b.com>")]
    [InlineData("\"a\"@b.com")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a,b@c.com")]
    public void Anything_else_is_not(string email) => EmailAddress.IsValid(email).ShouldBeFalse();

    [Fact]
    public void Lengths_end_where_the_standard_ends_them()
    {
        EmailAddress.IsValid(new string('a', 64) + "@example.com").ShouldBeTrue();
        EmailAddress.IsValid(new string('a', 65) + "@example.com").ShouldBeFalse();
        var labels = string.Concat(Enumerable.Repeat(new string('b', 60) + ".", 3));
        EmailAddress.IsValid("a@" + labels + new string('c', 63)).ShouldBeTrue();
        EmailAddress.IsValid(new string('a', 20) + "@" + labels + new string('c', 63)).ShouldBeFalse();
    }

    [Fact]
    public void One_mailbox_has_one_spelling()
    {
        EmailAddress.Normalise(" Ana@Example.COM ").ShouldBe("ana@example.com");
        EmailAddress.Normalise("a@مثال.إختبار").ShouldBe(EmailAddress.Normalise("A@xn--mgbh0fb.xn--kgbechtv"));
    }
}
