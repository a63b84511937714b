using System.Net;
using Platform.Notifications.Outbound;

namespace Platform.Notifications.Tests;

/// <summary>Where messages may go whose addresses strangers have given us.</summary>
public sealed class OutboundRulesTests
{
    private static readonly OutboundRules Usual = OutboundRules.Parse(null), Open = OutboundRules.Parse("127.0.0.0/8, 10.1.0.0/16 fd00::/8");

    [Theory]
    [InlineData("https://hooks.example.org/a?b=c")]
    [InlineData("https://hooks.example.org:8443/")]
    [InlineData("https://intranet/")]   // a name: where it leads is seen at sending
    [InlineData("https://93.184.216.34/")]
    [InlineData("https://[2606:2800:220:1::1]/")]
    [InlineData("https://مثال.السعودية/خطاف")]
    [InlineData("https://1e100.net/")]
    public void A_public_https_address_is_taken(string url) => Usual.Check(url).ShouldBeNull();

    [Theory]
    [InlineData("http://hooks.example.org/")]
    [InlineData("ftp://hooks.example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("https://user:password@hooks.example.org/")]
    [InlineData("https://hooks.example.org/#fragment")]
    [InlineData("https://hooks.example.org/\r\nHost: other")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://printer.localhost/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://１２７.０.０.１/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://①②⑦.0.0.1/")]
    [InlineData("https://0/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://172.31.255.255/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://198.18.0.1/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    [InlineData("https://1.2.3.4.5/")]
    [InlineData("https://example.256/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:a00:1]/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[2001:0:7f00:1::]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://[ff02::1]/")]
    public void Anything_else_is_refused_however_it_is_disguised(string url) => Usual.Check(url).ShouldNotBeNull();

    [Theory]
    [InlineData("http://127.0.0.1:8080/", true)]
    [InlineData("https://127.0.0.1/", true)]
    [InlineData("http://localhost:8080/", true)]
    [InlineData("http://10.1.2.3/", true)]
    [InlineData("http://[fd12::1]/", true)]
    [InlineData("http://[::ffff:127.0.0.1]/", true)]
    [InlineData("http://hooks.internal/", true)]   // by name: seen at sending
    [InlineData("https://hooks.example.org/", true)]
    [InlineData("http://10.2.0.1/", false)]
    [InlineData("https://10.2.0.1/", false)]
    [InlineData("http://93.184.216.34/", false)]
    [InlineData("http://[::1]/", false)]
    public void Allowed_networks_are_open_by_http_too_and_nothing_else_is(string url, bool allowed) => (Open.Check(url) is null).ShouldBe(allowed);

    [Fact]
    public void A_name_is_open_only_as_far_as_the_address_it_leads_to()
    {
        Usual.Allows(IPAddress.Parse("93.184.216.34"), https: true).ShouldBeTrue();
        Usual.Allows(IPAddress.Parse("93.184.216.34"), https: false).ShouldBeFalse();
        Usual.Allows(IPAddress.Parse("::ffff:10.0.0.1"), https: true).ShouldBeFalse();
        Usual.Allows(IPAddress.Parse("2606:2800:220:1::1%2"), https: true).ShouldBeFalse();
        Open.Allows(IPAddress.Parse("10.1.0.1"), https: false).ShouldBeTrue();
        Open.Allows(IPAddress.Parse("10.2.0.1"), https: true).ShouldBeFalse();
    }

    [Fact]
    public void A_network_that_is_none_is_a_wrong_setting() => Should.Throw<FormatException>(() => OutboundRules.Parse("10.0.0.0/8, 10.0.0.300/8"));
}
