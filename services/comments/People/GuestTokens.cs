using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Platform.ServiceDefaults;

namespace Platform.Comments.People;

/// <summary>What a guest holds: sealed, so that nothing of it can be read, made up or used for anything else.</summary>
public sealed class GuestTokens(PlatformSettings settings, TimeProvider clock)
{
    private readonly byte[] _proof = settings.Key("comments:proof"), _own = settings.Key("comments:own"), _off = settings.Key("comments:replies-off");

    /// <summary>For the mail: proves the address, for 7 days.</summary>
    public string Proof(Guid guest) => Make(guest, _proof);

    /// <summary>For who has proved it: reads and erases what he wrote, for a day.</summary>
    public string Own(Guid guest) => Make(guest, _own);

    /// <summary>For mails about replies: ends them; it never runs out.</summary>
    public string Off(Guid guest) => Make(guest, _off);

    public Guid? ReadProof(string? token) => Read(token, _proof, TimeSpan.FromDays(7));

    public Guid? ReadOwn(string? token) => Read(token, _own, TimeSpan.FromDays(1));

    public Guid? ReadOff(string? token) => Read(token, _off, TimeSpan.MaxValue);

    private string Make(Guid guest, byte[] key)
    {
        var plain = new byte[24];
        guest.TryWriteBytes(plain);
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(16), clock.GetUtcNow().ToUnixTimeSeconds());
        return Base64Url.EncodeToString(SecretBox.Seal(plain, key));
    }

    private Guid? Read(string? token, byte[] key, TimeSpan good)
    {
        if (token is not { Length: > 0 and < 200 } || !Base64Url.IsValid(token)) return null;
        try
        {
            var plain = SecretBox.Open(Base64Url.DecodeFromChars(token), key);
            var age = clock.GetUtcNow().ToUnixTimeSeconds() - BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(16));
            return age < good.TotalSeconds ? new Guid(plain.AsSpan(0, 16)) : null;
        }
        catch (CryptographicException) { return null; }
    }
}
