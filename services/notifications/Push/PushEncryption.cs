using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Platform.Notifications.Push;

/// <summary>Message encryption for web push (RFC 8291): one record of the content coding aes128gcm (RFC 8188), under a key that only the browser and this one message share.</summary>
public static class PushEncryption
{
    private const int SaltLength = 16, TagLength = 16, KeyLength = 16, NonceLength = 12, Record = 4096;

    /// <summary>What fits into the 4,096 bytes that every push service takes.</summary>
    public const int MaxPlain = Record - SaltLength - 4 - 1 - 65 - TagLength - 1;

    /// <param name="plain">At most <see cref="MaxPlain"/> bytes.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, PushTarget target)
    {
        using var once = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(plain, target, once, RandomNumberGenerator.GetBytes(SaltLength));
    }

    /// <param name="plain">At most <see cref="MaxPlain"/> bytes.</param>
    /// <param name="once">A key pair of this message alone.</param>
    /// <param name="salt">16 random bytes of this message alone.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, PushTarget target, ECDiffieHellman once, byte[] salt)
    {
        if (plain.Length > MaxPlain) throw new ArgumentException($"At most {MaxPlain} bytes.", nameof(plain));
        using var browser = Curve.PublicKey(target.P256dh);
        using var browserKey = browser.PublicKey;
        var ours = Curve.Point(once.ExportParameters(includePrivateParameters: false));

        var shared = HKDF.Extract(HashAlgorithmName.SHA256, once.DeriveRawSecretAgreement(browserKey), target.Auth);
        var secret = HKDF.Expand(HashAlgorithmName.SHA256, shared, 32, [.. "WebPush: info\0"u8, .. target.P256dh, .. ours]);
        var pseudorandom = HKDF.Extract(HashAlgorithmName.SHA256, secret, salt);
        var key = HKDF.Expand(HashAlgorithmName.SHA256, pseudorandom, KeyLength, [.. "Content-Encoding: aes128gcm\0"u8]);
        var nonce = HKDF.Expand(HashAlgorithmName.SHA256, pseudorandom, NonceLength, [.. "Content-Encoding: nonce\0"u8]);

        byte[] record = [.. plain, 2];   // the delimiter of the last record
        var header = SaltLength + 4 + 1 + ours.Length;
        var message = new byte[header + record.Length + TagLength];
        salt.CopyTo(message, 0);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(SaltLength), Record);
        message[SaltLength + 4] = (byte)ours.Length;
        ours.CopyTo(message, SaltLength + 5);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, record, message.AsSpan(header, record.Length), message.AsSpan(header + record.Length));
        return message;
    }
}
