using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.Notifications.Outbound;

/// <summary>
/// Where messages may go to whose addresses strangers have given us (webhooks, push): to public addresses by https, and to the networks that
/// PLATFORM_ALLOWED_NETWORKS names, there by http too. Pure; <see cref="OutboundHttp"/> holds each connection to it.
/// </summary>
/// <param name="allowed">PLATFORM_ALLOWED_NETWORKS.</param>
public sealed class OutboundRules(IReadOnlyList<IPNetwork> allowed)
{
    public const int MaxUrl = 2_048;

    /// <summary>
    /// What is not the public network (IANA special-purpose registries, RFC 6890 and later; multicast, RFC 5771): this network, private, shared (CGNAT), loopback, link-local, protocol assignments,
    /// documentation, 6to4 relays, benchmarking, multicast, reserved and broadcast.
    /// </summary>
    private static readonly IPNetwork[] Closed4 = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>Within that: protocol assignments (Teredo, ORCHID and others), documentation, and 6to4, which wraps any IPv4 address.</summary>
    private static readonly IPNetwork[] Closed6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Reads PLATFORM_ALLOWED_NETWORKS: CIDRs with commas or spaces between them.</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static OutboundRules Parse(string? networks) =>
        new([.. (networks ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(n => IPNetwork.TryParse(n, out var network) ? network : throw new FormatException(n))]);

    /// <summary>Whether a connection may be opened to this address.</summary>
    /// <param name="https">Without it only the allowed networks are open.</param>
    public bool Allows(IPAddress address, bool https)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        // A scope names an interface of this machine.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0) return false;
        return allowed.Any(n => n.Contains(address)) || (https && IsPublic(address));
    }

    /// <summary>What is wrong with an address that somebody registers; null where it may be one. Names are not resolved: that is done, and checked again, at each connection.</summary>
    public string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxUrl || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || !Uri.TryCreate(text, UriKind.Absolute, out var url)) return "Not an absolute address.";
        if (url.Scheme is not ("https" or "http")) return "Only https.";
        var https = url.Scheme == Uri.UriSchemeHttps;
        if (url.UserInfo.Length > 0) return "No user or password.";
        if (url.Fragment.Length > 0) return "No fragment.";
        if (!https && allowed.Count == 0) return "Only https.";
        if (TryHost(url, out var literal) is { } wrong) return wrong;
        return literal is null || Allows(literal, https) ? null : https ? "Not a public address." : "Only https.";
    }

    /// <summary>Reads a host as strictly as those do that are meant to be misled: whatever could be taken for an IPv4 address (decimal, octal, hex, shortened, full-width, with a dot at its end) is one, or is refused.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    private static string? TryHost(Uri url, out IPAddress? literal)
    {
        literal = null;
        if (url.HostNameType == UriHostNameType.IPv6) return IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out literal) ? null : "Not a host.";
        string host;
        try { host = Idn.GetAscii(Uri.UnescapeDataString(url.IdnHost).TrimEnd('.')).ToLowerInvariant(); }
        catch (ArgumentException) { return "Not a host."; }
        if (host.Length == 0) return "Not a host.";
        if (host is "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)) { literal = IPAddress.Loopback; return null; }   // RFC 6761, 6.3
        var last = host[(host.LastIndexOf('.') + 1)..];
        if (!last.All(char.IsAsciiDigit) && !(last.StartsWith("0x", StringComparison.Ordinal) && last.AsSpan(2).IndexOfAnyExcept("0123456789abcdef") < 0)) return null;
        // The last label is a number: no name ends so (WHATWG URL, "ends in a number"). inet_aton, which IPAddress follows, knows all of those forms.
        return IPAddress.TryParse(host, out literal) && literal.AddressFamily == AddressFamily.InterNetwork ? null : "Not a host.";
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? !Closed4.Any(n => n.Contains(address))
        : Global6.Contains(address) && !Closed6.Any(n => n.Contains(address));
}
