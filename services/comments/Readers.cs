using System.Buffers.Text;
using System.Security.Cryptography;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>
/// Tells readers apart who have no account: by a random number in a signed cookie, given to whoever reacts or reports first. It says nothing of the reader, scripts cannot read it,
/// and nobody can make one up.
/// </summary>
public sealed class Readers(PlatformSettings settings)
{
    private const int IdLength = 16, SignatureLength = 16;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);
    private readonly byte[] _key = settings.Key("comments:reader");
    private readonly bool _secure = settings.PublicUrl.Scheme == Uri.UriSchemeHttps;

    /// <summary>The <c>__Host-</c> prefix needs https.</summary>
    public string Cookie => _secure ? "__Host-reader" : "reader";

    /// <summary>The reader, 16 bytes; one who is not known yet gets a cookie with the answer.</summary>
    public byte[] Of(HttpContext http)
    {
        if (Known(http) is { } known) return known;
        var id = RandomNumberGenerator.GetBytes(IdLength);
        http.Response.Cookies.Append(Cookie, Base64Url.EncodeToString([.. id, .. Sign(id)]),
            new CookieOptions { HttpOnly = true, Secure = _secure, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = Kept, IsEssential = true });
        return id;
    }

    /// <summary>The reader where he brings a cookie that we gave; else null.</summary>
    public byte[]? Known(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 and < 100 } text || !Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == IdLength + SignatureLength && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(IdLength), Sign(bytes.AsSpan(0, IdLength))) ? bytes[..IdLength] : null;
    }

    private byte[] Sign(ReadOnlySpan<byte> id) => HMACSHA256.HashData(_key, id)[..SignatureLength];
}
