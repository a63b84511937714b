using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Mail;

/// <summary>The service signs its mails.</summary>
public sealed class SigningFixture : NotificationsFixture
{
    private readonly string _file = Path.GetTempFileName();

    public RSA Key { get; } = RSA.Create(2048);

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("DKIM_DOMAIN", "example.org"), new("DKIM_SELECTOR", "s1"), new("DKIM_KEY_FILE", _file)];

    public override async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_file, Key.ExportPkcs8PrivateKeyPem());
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        Key.Dispose();
        File.Delete(_file);
    }
}

public sealed class DkimTests(SigningFixture fixture) : IClassFixture<SigningFixture>
{
    [Fact]
    public async Task A_mail_that_arrives_carries_a_signature_that_holds_over_what_readers_see_and_click()
    {
        var address = NewAddress();
        await fixture.Subscribe(address, Categories("signed"));
        var article = Article("signed", "عنوان طويل جداً " + string.Join(' ', Enumerable.Repeat("كلمة", 40)));
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        foreach (var sent in fixture.Sink.For(address))
        {
            var mail = Parse(sent);
            var signature = mail.Headers[HeaderId.DkimSignature]!;
            signature.ShouldContain("d=example.org");
            signature.ShouldContain("s=s1");
            Verifier(DotNetUtilities.GetRsaPublicKey(fixture.Key)).Verify(mail, mail.Headers[mail.Headers.IndexOf(HeaderId.DkimSignature)]).ShouldBeTrue();
        }
        Parse(fixture.Sink.For(address)[1]).Headers[HeaderId.DkimSignature]!.ToLowerInvariant().ShouldContain("list-unsubscribe-post");
        using var other = RSA.Create(2048);
        var last = Parse(fixture.Sink.For(address)[1]);
        Verifier(DotNetUtilities.GetRsaPublicKey(other)).Verify(last, last.Headers[last.Headers.IndexOf(HeaderId.DkimSignature)]).ShouldBeFalse();
    }

    [Fact]
    public void A_key_of_Ed25519_signs_too()
    {
        var pair = new Ed25519KeyPairGenerator();
        pair.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var keys = pair.GenerateKeyPair();
        var file = Path.GetTempFileName();
        try
        {
            using (var writer = new StreamWriter(file)) new PemWriter(writer).WriteObject(new Pkcs8Generator(keys.Private));
            using var dkim = Dkim.Read(Configuration("example.org", "s1", file))!;
            var message = new MimeMessage { Subject = "موضوع", Body = new TextPart("plain") { Text = "نص" } };
            message.From.Add(new MailboxAddress("أخبار", "news@example.org"));
            dkim.Sign(new(Guid.NewGuid(), message, new MailboxAddress("", "reader@example.net")));
            Verifier(keys.Public).Verify(message, message.Headers[message.Headers.IndexOf(HeaderId.DkimSignature)]).ShouldBeTrue();
        }
        finally { File.Delete(file); }
    }

    [Fact]
    public void Settings_that_are_incomplete_or_no_key_are_named_at_start()
    {
        Dkim.Read(Configuration(null, null, null)).ShouldBeNull();
        Should.Throw<SettingException>(() => Dkim.Read(Configuration("example.org", null, null)));
        Should.Throw<SettingException>(() => Dkim.Read(Configuration("example.org", "s1", "/nonexistent/key.pem")));
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "no key");
            Should.Throw<SettingException>(() => Dkim.Read(Configuration("example.org", "s1", file)));
        }
        finally { File.Delete(file); }
    }

    private static IConfiguration Configuration(string? domain, string? selector, string? file) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("DKIM_DOMAIN", domain), new("DKIM_SELECTOR", selector), new("DKIM_KEY_FILE", file)]).Build();

    private static DkimVerifier Verifier(AsymmetricKeyParameter key) => new(new Keys(key));

    /// <summary>In the place of the domain's name servers.</summary>
    private sealed class Keys(AsymmetricKeyParameter key) : IDkimPublicKeyLocator
    {
        public AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) => key;

        public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) => Task.FromResult(key);
    }
}
