using System.Security.Cryptography;
using System.Text;

namespace Platform.ServiceDefaults;

/// <summary>Secrets at rest: AES-256-GCM (NIST SP 800-38D) as nonce (12 bytes), ciphertext, tag (16 bytes), under a key of <see cref="Key"/>.</summary>
public static class SecretBox
{
    private const int NonceLength = 12, TagLength = 16;

    /// <summary>A 32-byte key for one purpose, derived from a secret (HKDF, RFC 5869).</summary>
    public static byte[] Key(string secret, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: Encoding.UTF8.GetBytes(purpose));

    public static byte[] Seal(byte[] plain, byte[] key)
    {
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length));
        return box;
    }

    /// <exception cref="CryptographicException">It was sealed under another key, or changed since.</exception>
    public static byte[] Open(byte[] box, byte[] key)
    {
        if (box.Length < NonceLength + TagLength) throw new AuthenticationTagMismatchException();
        var plain = new byte[box.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length), plain);
        return plain;
    }
}
