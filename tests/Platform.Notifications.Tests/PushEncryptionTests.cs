using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Platform.Notifications.Channels;
using Platform.Notifications.Push;

namespace Platform.Notifications.Tests;

/// <summary>What push services and browsers must be able to read.</summary>
public sealed class PushEncryptionTests
{
    // RFC 8291, appendix A.
    private const string BrowserPublic = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", BrowserPrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", Auth = "BTBZMqHH6r4Tts7J_aSIgg",
        OursPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", OursPublic = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8", Salt = "DGv6ra1nlYgDCS1FRnbzlw",
        Message = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        Plain = "When I grow up, I want to be a watermelon";

    [Fact]
    public void The_example_of_RFC_8291_is_reproduced_byte_for_byte()
    {
        using var ours = Pair(OursPublic, OursPrivate);
        var target = PushTarget.TryRead("https://push.example.net/1", BrowserPublic, Auth)!;
        Base64Url.EncodeToString(PushEncryption.Encrypt(Encoding.UTF8.GetBytes(Plain), target, ours, Base64Url.DecodeFromChars(Salt))).ShouldBe(Message);
        using var browser = Pair(BrowserPublic, BrowserPrivate);
        Decrypt(Base64Url.DecodeFromChars(Message), browser, Base64Url.DecodeFromChars(Auth)).ShouldBe(Plain);
    }

    [Fact]
    public void Every_message_has_a_key_of_its_own_and_fits_into_4096_bytes()
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var (target, auth) = Target("https://push.example.net/1", browser);
        var text = new string('a', PushEncryption.MaxPlain);
        var (one, two) = (PushEncryption.Encrypt(Encoding.UTF8.GetBytes(text), target), PushEncryption.Encrypt(Encoding.UTF8.GetBytes(text), target));
        one.Length.ShouldBe(4096);
        one.ShouldNotBe(two);
        Decrypt(one, browser, auth).ShouldBe(text);
        Decrypt(two, browser, auth).ShouldBe(text);
        Should.Throw<ArgumentException>(() => PushEncryption.Encrypt(new byte[PushEncryption.MaxPlain + 1], target));
    }

    [Theory]
    [InlineData("", Auth)]
    [InlineData("BCVx", Auth)]
    [InlineData("not base64url!", Auth)]
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8", Auth)]   // not on the curve
    [InlineData("AiVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", Auth)]
    [InlineData("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Auth)]   // (0, 0)
    [InlineData(BrowserPublic, "")]
    [InlineData(BrowserPublic, "BTBZMqHH6r4Tts7J_aSI")]
    [InlineData(BrowserPublic, "BTBZMqHH6r4Tts7J_aSIggAAAA")]
    public void Keys_that_are_none_are_refused(string p256dh, string auth) => PushTarget.TryRead("https://push.example.net/1", p256dh, auth).ShouldBeNull();

    [Fact]
    public void Messages_of_one_article_have_one_topic_of_at_most_32_characters()
    {
        var article = Guid.CreateVersion7();
        PushChannel.Topic(article).ShouldBe(PushChannel.Topic(article));
        PushChannel.Topic(article).ShouldNotBe(PushChannel.Topic(Guid.CreateVersion7()));
        PushChannel.Topic(article).Length.ShouldBe(32);
    }

    /// <summary>What a browser gives, and keeps.</summary>
    public static (PushTarget Target, byte[] Auth) Target(string endpoint, ECDiffieHellman browser)
    {
        var auth = RandomNumberGenerator.GetBytes(16);
        return (PushTarget.TryRead(endpoint, PublicKey(browser), Base64Url.EncodeToString(auth))!, auth);
    }

    public static string PublicKey(ECDiffieHellman key)
    {
        var q = key.ExportParameters(false).Q;
        return Base64Url.EncodeToString([4, .. q.X!, .. q.Y!]);
    }

    /// <summary>As a browser does it (RFC 8291, 3.4, and RFC 8188).</summary>
    public static string Decrypt(byte[] message, ECDiffieHellman browser, byte[] auth)
    {
        var (salt, theirs) = (message[..16], message[21..86]);
        message[20].ShouldBe((byte)65);
        using var sender = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = theirs[1..33], Y = theirs[33..] } });
        var shared = HKDF.Extract(HashAlgorithmName.SHA256, browser.DeriveRawSecretAgreement(sender.PublicKey), auth);
        var secret = HKDF.Expand(HashAlgorithmName.SHA256, shared, 32, [.. "WebPush: info\0"u8, .. Base64Url.DecodeFromChars(PublicKey(browser)), .. theirs]);
        var pseudorandom = HKDF.Extract(HashAlgorithmName.SHA256, secret, salt);
        using var aes = new AesGcm(HKDF.Expand(HashAlgorithmName.SHA256, pseudorandom, 16, "Content-Encoding: aes128gcm\0"u8.ToArray()), 16);
        var plain = new byte[message.Length - 86 - 16];
        aes.Decrypt(HKDF.Expand(HashAlgorithmName.SHA256, pseudorandom, 12, "Content-Encoding: nonce\0"u8.ToArray()), message.AsSpan(86, plain.Length), message.AsSpan(86 + plain.Length), plain);
        plain[^1].ShouldBe((byte)2);
        return Encoding.UTF8.GetString(plain.AsSpan(0, plain.Length - 1));
    }

    private static ECDiffieHellman Pair(string publicKey, string privateKey)
    {
        var point = Base64Url.DecodeFromChars(publicKey);
        return ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(privateKey), Q = new() { X = point[1..33], Y = point[33..] } });
    }
}
