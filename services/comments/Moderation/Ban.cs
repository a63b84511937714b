using System.Net;
using System.Net.Sockets;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>Somebody may not comment: whoever has the address, or a name that looks like this one, or writes from this network. At least one of them is there.</summary>
public sealed record Ban : IDocument, Privacy.IHoldsAddress
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }

    /// <summary>The e-mail address, sealed, for moderators to see; beside it, what guests are told apart by.</summary>
    public byte[]? Email { get; init; }

    public byte[]? Author { get; init; }

    /// <inheritdoc cref="Privacy.IHoldsAddress.AddressKey"/>
    public string? AddressKey { get; init; }

    /// <summary>As it was given.</summary>
    public string? Name { get; init; }

    /// <summary>CIDR (RFC 4632), its host bits zero.</summary>
    public string? IpPrefix { get; init; }

    /// <summary>When it ends by itself; null: never.</summary>
    public DateTimeOffset? Until { get; init; }

    public required string Reason { get; init; }
    public required Guid By { get; init; }
    public required string ByName { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Made or lifted: what a replica has not heard of yet is found by it.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>It was taken back; then it holds no address any more.</summary>
    public bool Lifted { get; init; }

    public bool Holds(DateTimeOffset now) => !Lifted && (Until is not { } until || now < until);

    public Ban Lift(DateTimeOffset now) => this with { Version = Version + 1, Lifted = true, ChangedAt = now, Email = null, Author = null, AddressKey = null };

    /// <summary>The widest networks that can be banned: beyond them it is whole countries.</summary>
    private const int WidestIPv4 = 8, WidestIPv6 = 16;

    /// <summary>Reads a CIDR prefix; host bits are cleared, an IPv4 prefix written as IPv6 is one of IPv4.</summary>
    /// <returns>Null where it is none.</returns>
    /// <exception cref="Problem">422 <c>ban.tooWide</c>.</exception>
    public static IPNetwork? ReadPrefix(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || slash > 45 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length)) return null;
        // 010.0.0.1 and 1 are addresses to some parsers; nobody means them.
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text[..slash]) return null;
        if (length > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)) return null;
        if (address.IsIPv4MappedToIPv6 && length >= 96) (address, length) = (address.MapToIPv4(), length - 96);
        if (length < (address.AddressFamily == AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6)) throw Problem.Rule("ban.tooWide", $"At least /{WidestIPv4} of IPv4, /{WidestIPv6} of IPv6.");
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }
}

/// <summary>The bans that hold, to look somebody up in. Immutable.</summary>
public sealed class BanList
{
    public static readonly BanList None = new([]);

    private readonly Dictionary<string, Ban> _byAuthor, _byName;
    private readonly Dictionary<(IPAddress, int), Ban> _byPrefix;
    private readonly int[] _lengths;

    public BanList(IEnumerable<Ban> bans)
    {
        Bans = [.. bans];
        _byAuthor = First(Bans.Where(b => b.Author is not null), b => Convert.ToHexString(b.Author!));
        _byName = First(Bans.Where(b => b.Name is not null && LookAlikes.OfName(b.Name).Length > 0), b => LookAlikes.OfName(b.Name!));
        var prefixes = Bans.Where(b => b.IpPrefix is not null).Select(b => (Ban: b, Network: IPNetwork.Parse(b.IpPrefix!))).ToArray();
        _byPrefix = First(prefixes, p => (p.Network.BaseAddress, p.Network.PrefixLength)).ToDictionary(p => p.Key, p => p.Value.Ban);
        _lengths = [.. prefixes.Select(p => p.Network.PrefixLength).Distinct().Order()];
    }

    public IReadOnlyList<Ban> Bans { get; }

    /// <summary>With those that were made or lifted since; this one where nothing of it is new.</summary>
    public BanList With(IEnumerable<Ban> changed)
    {
        var all = Bans.ToDictionary(b => b.Id);
        var news = false;
        foreach (var ban in changed)
        {
            var known = all.GetValueOrDefault(ban.Id);
            if (ban.Lifted ? known is null : known?.Version == ban.Version) continue;
            news = true;
            if (ban.Lifted) all.Remove(ban.Id);
            else all[ban.Id] = ban;
        }
        return news ? new(all.Values) : this;
    }

    /// <summary>The ban that catches this guest now, or null. Takes the same time however many there are.</summary>
    /// <param name="authors">All hashes that the guest may be known by.</param>
    /// <param name="from">Where he writes from; null where that is not known.</param>
    public Ban? Find(IReadOnlyList<byte[]> authors, string name, IPAddress? from, DateTimeOffset now)
    {
        if (Bans.Count == 0) return null;
        if (_byAuthor.Count > 0)
            foreach (var author in authors)
                if (_byAuthor.GetValueOrDefault(Convert.ToHexString(author)) is { } byAuthor && byAuthor.Holds(now)) return byAuthor;
        if (_byName.Count > 0 && _byName.GetValueOrDefault(LookAlikes.OfName(name)) is { } byName && byName.Holds(now)) return byName;
        if (from is null) return null;
        foreach (var length in _lengths)
            if (length <= (from.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) && _byPrefix.GetValueOrDefault((Masked(from, length), length)) is { } byPrefix && byPrefix.Holds(now)) return byPrefix;
        return null;
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        for (var bit = length; bit < written * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPAddress(bytes[..written]);
    }

    // Of two for the same, the one that holds longer.
    private static Dictionary<TKey, T> First<T, TKey>(IEnumerable<T> all, Func<T, TKey> key) where TKey : notnull => all.GroupBy(key).ToDictionary(g => g.Key, g => g.MaxBy(End)!);

    private static DateTimeOffset End<T>(T one) => (one switch { Ban b => b.Until, ValueTuple<Ban, IPNetwork> p => p.Item1.Until, _ => null }) ?? DateTimeOffset.MaxValue;
}
