using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Notifications.Push;

/// <summary>Where a browser gets its pushes, and what they are encrypted for (RFC 8030, RFC 8291).</summary>
/// <param name="P256dh">The browser's public key: an uncompressed point of P-256, 65 bytes.</param>
/// <param name="Auth">The browser's secret, 16 bytes.</param>
public sealed record PushTarget(string Endpoint, byte[] P256dh, byte[] Auth)
{
    private const int PointLength = 65, AuthLength = 16;

    /// <summary>One endpoint is one subscription; see <see cref="Subscription.AddressKey"/>.</summary>
    public string Key => "push:" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Endpoint)));

    /// <summary>The push service, for people: its origin.</summary>
    public string Service => new Uri(Endpoint).GetLeftPart(UriPartial.Authority);

    /// <summary>Reads keys in base64url, as browsers give them.</summary>
    /// <returns>Null where they are none: wrong lengths, or no point of the curve.</returns>
    public static PushTarget? TryRead(string endpoint, string p256dh, string auth)
    {
        if (Decode(p256dh) is not { Length: PointLength } point || Decode(auth) is not { Length: AuthLength } secret) return null;
        try { Curve.PublicKey(point).Dispose(); }
        catch (CryptographicException) { return null; }
        return new(endpoint, point, secret);
    }

    private static byte[]? Decode(string text)
    {
        text = text.TrimEnd('=');
        return text.Length is > 0 and <= 100 && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
    }
}

/// <summary>Points of P-256 in their uncompressed form (SEC 1, 2.3.3).</summary>
internal static class Curve
{
    private const int Coordinate = 32;

    /// <exception cref="CryptographicException">It is no point of the curve.</exception>
    public static ECDiffieHellman PublicKey(byte[] point) => point is [4, ..]
        ? ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = point[1..(1 + Coordinate)], Y = point[(1 + Coordinate)..] } })
        : throw new CryptographicException("not an uncompressed point");

    public static byte[] Point(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];
}
