using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>
/// The secrets in mails' links. All are derived from the service's secret (HMAC-SHA256), so none is stored,
/// and a mail that is sent again is the same mail.
/// </summary>
public sealed class Tokens(PlatformSettings settings)
{
    private const int IdLength = 16, TagLength = 16;
    private readonly byte[] _confirm = settings.Key("subscription.confirm"), _manage = settings.Key("subscription.manage"), _unsubscribe = settings.Key("subscription.unsubscribe");

    /// <summary>Confirms the subscription that this mail is about. The id cannot be read from it.</summary>
    public string Confirm(Guid mail) => Base64Url.EncodeToString(HMACSHA256.HashData(_confirm, mail.ToByteArray(bigEndian: true)));

    /// <summary>What is stored of a confirmation token.</summary>
    public static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Shows, changes and ends a subscription.</summary>
    public string Manage(Guid subscription) => Make(_manage, subscription);

    /// <summary>Ends a subscription, and can nothing else: it is seen by every server that a mail passes.</summary>
    public string Unsubscribe(Guid subscription) => Make(_unsubscribe, subscription);

    /// <returns>The subscription, or null for a token that this service did not make.</returns>
    public Guid? ReadManage(string token) => Read(_manage, token);

    /// <inheritdoc cref="ReadManage"/>
    public Guid? ReadUnsubscribe(string token) => Read(_unsubscribe, token);

    private static string Make(byte[] key, Guid subscription)
    {
        var id = subscription.ToByteArray(bigEndian: true);
        return Base64Url.EncodeToString([.. id, .. HMACSHA256.HashData(key, id).AsSpan(0, TagLength)]);
    }

    private static Guid? Read(byte[] key, string token)
    {
        if (token.Length != Base64Url.GetEncodedLength(IdLength + TagLength) || !Base64Url.IsValid(token)) return null;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length != IdLength + TagLength) return null;
        var tag = HMACSHA256.HashData(key, bytes.AsSpan(0, IdLength)).AsSpan(0, TagLength);
        return CryptographicOperations.FixedTimeEquals(tag, bytes.AsSpan(IdLength)) ? new Guid(bytes.AsSpan(0, IdLength), bigEndian: true) : null;
    }
}
