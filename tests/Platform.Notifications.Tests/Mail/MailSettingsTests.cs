using Microsoft.Extensions.Configuration;
using MimeKit;
using Platform.Notifications.Channels;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Notifications.Tests.Mail;

public sealed class MailSettingsTests
{
    [Theory]
    [InlineData("SMTP_URI", "http://host", "MAIL_FROM=news@example.org")]
    [InlineData("SMTP_URI", "smtp://", "MAIL_FROM=news@example.org")]
    [InlineData("SMTP_URI", "smtp://host/path", "MAIL_FROM=news@example.org")]
    [InlineData("MAIL_FROM", "", "SMTP_URI=smtp://host")]
    [InlineData("MAIL_FROM", "nobody", "SMTP_URI=smtp://host")]
    [InlineData("MAIL_FROM", "a@example.org\nBcc: b@example.org", "SMTP_URI=smtp://host")]
    [InlineData("SMTP_URI", "", "")]
    public void A_wrong_setting_is_named_in_one_line(string name, string value, string other)
    {
        var settings = other.Split('=', 2) is [var otherName, var otherValue] ? new[] { (name, value), (otherName, otherValue) } : [(name, value)];
        var failure = Should.Throw<SettingException>(() => Read(settings));
        failure.Message.ShouldContain(name);
        failure.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void User_and_password_may_hold_any_sign() =>
        Read(("SMTP_URI", "smtp://us%40er:pa%3Ass%2F@host:587"), ("MAIL_FROM", "a@example.org")).Credentials.ShouldBe(("us@er", "pa:ss/"));

    [Fact]
    public async Task Without_a_server_each_mail_is_a_file_and_written_again_it_replaces_itself()
    {
        var folder = Directory.CreateTempSubdirectory("mail").FullName;
        try
        {
            var mailer = new PickupMailer(Read(("PLATFORM_DATA", folder)), Microsoft.Extensions.Logging.Abstractions.NullLogger<PickupMailer>.Instance);
            var id = Guid.CreateVersion7();
            foreach (var subject in new[] { "one", "two" })
                (await mailer.Send(new(id, new MimeMessage { Subject = subject, Body = new TextPart { Text = "x" } }, new("", "a@example.org")))).ShouldBe(Outcome.Accepted);
            Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ShouldBe([Path.Combine(folder, "mail", $"{id}.eml")]);
            (await MimeMessage.LoadAsync(Path.Combine(folder, "mail", $"{id}.eml"))).Subject.ShouldBe("two");
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static MailSettings Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([.. TestSettings.Default, .. settings.Select(s => new KeyValuePair<string, string?>(s.Name, s.Value))]).Build();
        return MailSettings.Read(configuration, new PlatformSettings(configuration));
    }
}
