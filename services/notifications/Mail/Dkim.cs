using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>Signs mails for their domain (DKIM, RFC 6376; Ed25519 keys, RFC 8463).</summary>
public sealed class Dkim : IDisposable
{
    /// <summary>What a receiver shows or acts upon; RFC 8058 wants the two of List-Unsubscribe among them.</summary>
    private static readonly HeaderId[] Signed =
    [
        HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId, HeaderId.MimeVersion, HeaderId.ContentType, HeaderId.ListId, HeaderId.ListUnsubscribe, HeaderId.ListUnsubscribePost,
    ];

    private readonly RSA? _rsa;
    private readonly DkimSigner _signer;

    private Dkim(DkimSigner signer, RSA? rsa)
    {
        (_signer, _rsa) = (signer, rsa);
        (signer.HeaderCanonicalizationAlgorithm, signer.BodyCanonicalizationAlgorithm, signer.AgentOrUserIdentifier) = (DkimCanonicalizationAlgorithm.Relaxed, DkimCanonicalizationAlgorithm.Relaxed, "@" + signer.Domain);
    }

    /// <summary>Reads DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE, a private key in PEM.</summary>
    /// <returns>Null where none of them is set.</returns>
    /// <exception cref="SettingException">Some are missing, or the file holds no key of RSA (1,024 bits and more) or Ed25519.</exception>
    public static Dkim? Read(IConfiguration configuration)
    {
        var (domain, selector, file) = (configuration["DKIM_DOMAIN"], configuration["DKIM_SELECTOR"], configuration["DKIM_KEY_FILE"]);
        if (string.IsNullOrEmpty(domain) && string.IsNullOrEmpty(selector) && string.IsNullOrEmpty(file)) return null;
        if (string.IsNullOrEmpty(domain) || string.IsNullOrEmpty(selector) || string.IsNullOrEmpty(file)) throw new SettingException("DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE belong together: set all three or none.");
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(File.ReadAllText(file));
            if (rsa.KeySize >= 1024) return new(new RsaSigner(rsa, domain, selector), rsa);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new SettingException($"DKIM_KEY_FILE cannot be read: {e.GetType().Name}."); }
        catch (Exception e) when (e is ArgumentException or CryptographicException) { }
        rsa.Dispose();
        try { return new(new DkimSigner(file, domain, selector, DkimSignatureAlgorithm.Ed25519Sha256), null); }
        catch (Exception e) when (e is not OutOfMemoryException) { throw new SettingException("DKIM_KEY_FILE must hold a private key of RSA (1,024 bits and more) or Ed25519 in PEM."); }
    }

    /// <summary>Adds the signature; nothing of the mail may change after that.</summary>
    public void Sign(OutgoingMail mail)
    {
        mail.Message.Prepare(EncodingConstraint.SevenBit);
        _signer.Sign(new FormatOptions { NewLineFormat = NewLineFormat.Dos, International = mail.To.IsInternational }, mail.Message, Signed.Where(mail.Message.Headers.Contains).ToList());
    }

    public void Dispose() => _rsa?.Dispose();

    /// <summary>With the machine's own cryptography, which signs ten times as fast as managed code: this is done for every mail.</summary>
    private sealed class RsaSigner(RSA rsa, string domain, string selector) : DkimSigner(DotNetUtilities.GetRsaKeyPair(rsa).Private, domain, selector)
    {
        protected override ISigner CreateSigningContext() => new Context(rsa);
    }

    private sealed class Context(RSA rsa) : ISigner
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string AlgorithmName => "SHA-256withRSA";

        public void Init(bool forSigning, ICipherParameters parameters) { }

        public void Update(byte input) => _hash.AppendData([input]);

        public void BlockUpdate(byte[] input, int inOff, int inLen) => _hash.AppendData(input, inOff, inLen);

        public void BlockUpdate(ReadOnlySpan<byte> input) => _hash.AppendData(input);

        public int GetMaxSignatureSize() => rsa.KeySize / 8;

        public byte[] GenerateSignature()
        {
            using (_hash)
                lock (rsa) return rsa.SignHash(_hash.GetHashAndReset(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        public bool VerifySignature(byte[] signature) => throw new NotSupportedException();

        public void Reset() => _hash.GetHashAndReset();
    }
}

/// <summary>Signs each mail before it goes on.</summary>
public sealed class SigningMailer(IMailer inner, Dkim dkim) : IMailer, IAsyncDisposable
{
    public Task<Outcome> Send(OutgoingMail mail)
    {
        dkim.Sign(mail);
        return inner.Send(mail);
    }

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
