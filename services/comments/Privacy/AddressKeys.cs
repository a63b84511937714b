using Platform.ServiceDefaults;

namespace Platform.Comments.Privacy;

/// <summary>What holds a guest's e-mail address: sealed, beside a keyed hash of it, both under one of the <see cref="AddressKeys"/>.</summary>
public interface IHoldsAddress
{
    /// <summary>The address, sealed; null where there is none any more.</summary>
    byte[]? Email { get; }

    /// <summary>Keyed hash of the address: who it is, without saying who.</summary>
    byte[]? Author { get; }

    /// <summary>Id of the key that made both; null where that was before keys had ids, or there is nothing to open.</summary>
    string? AddressKey { get; }
}

/// <summary>One secret's keys, one for each purpose: those that <see cref="PlatformSettings.Key"/> made of SERVICE_SECRET before there was a setting.</summary>
/// <param name="secret">At least 32 characters.</param>
public sealed class AddressKey(string secret)
{
    /// <summary>Names the key in the store: 8 hexadecimal digits, of which nothing of the secret follows.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SecretBox.Key(secret, "comments:address-key-id").AsSpan(0, 4));

    public byte[] Seal { get; } = SecretBox.Key(secret, "comments:address");
    public byte[] Author { get; } = SecretBox.Key(secret, "comments:author");
    public byte[] Repeat { get; } = SecretBox.Key(secret, "comments:repeat");
}

/// <summary>
/// COMMENTS_ADDRESS_KEYS: the secrets under which guests' addresses are kept, the newest first, with commas between them, where <c>service</c> stands for SERVICE_SECRET; that alone where it is not set. What is written is
/// written under the newest; what older ones have made is still opened and matched, until <see cref="RenewAddresses"/> has brought all of it under the newest.
/// </summary>
public sealed class AddressKeys
{
    private const string Setting = "COMMENTS_ADDRESS_KEYS", Service = "service";

    /// <summary>Each comment is matched by the hashes of all of them.</summary>
    private const int Most = 5;

    public AddressKeys(IConfiguration configuration)
    {
        // PlatformSettings has checked SERVICE_SECRET.
        var text = configuration[Setting] is { Length: > 0 } given ? given : Service;
        string[] secrets = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(s => s == Service ? configuration["SERVICE_SECRET"] ?? "" : s)];
        if (secrets.Length is 0 or > Most || secrets.Any(s => s.Length < 32) || secrets.Distinct(StringComparer.Ordinal).Count() < secrets.Length)
            throw new SettingException($"{Setting} must be 1 to {Most} different secrets of at least 32 random characters, the newest first, with commas between them.");
        All = [.. secrets.Select(s => new AddressKey(s))];
        // Two of some thousand millions; another secret will do.
        if (All.DistinctBy(k => k.Id).Count() < All.Count) throw new SettingException($"{Setting} has two secrets with the same id: choose another one.");
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<AddressKey> All { get; }

    public AddressKey Newest => All[0];

    public IEnumerable<AddressKey> Older => All.Skip(1);

    public AddressKey? Find(string? id) => All.FirstOrDefault(k => k.Id == id);
}
