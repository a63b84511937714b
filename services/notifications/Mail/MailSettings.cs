using MimeKit;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>Where mail goes and whom it is from; checked at start.</summary>
/// <param name="Server">SMTP_URI, or null: then mails are written into <paramref name="Folder"/>.</param>
/// <param name="From">MAIL_FROM; its name, where it has one, is what the mails call the site.</param>
/// <param name="Host">The public host: names this sender in EHLO, Message-ID and List-Id.</param>
public sealed record MailSettings(Uri? Server, string Folder, MailboxAddress From, string Host)
{
    public static MailSettings Read(IConfiguration configuration, PlatformSettings platform)
    {
        var server = Given(configuration, "SMTP_URI") is { } uri ? ParseServer(uri) : null;
        var from = Given(configuration, "MAIL_FROM");
        if (from is null && server is not null) throw new SettingException("MAIL_FROM is not set: give the sender of the mails, such as 'The News <news@example.org>'.");
        var folder = Given(configuration, "PLATFORM_DATA");
        if (server is null && folder is null) throw new SettingException("Neither SMTP_URI nor PLATFORM_DATA is set: give a mail server, such as smtp://user:password@host:587, or a folder in which mails are written as files.");
        var host = platform.PublicUrl.IdnHost;
        return new(server, Path.Combine(folder ?? "", "mail"), ParseSender(from ?? $"news@{host}"), host);
    }

    /// <summary>User and password of SMTP_URI, or null.</summary>
    public (string User, string Password)? Credentials => Server?.UserInfo is { Length: > 0 } info && info.Split(':', 2) is var parts
        ? (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "")
        : null;

    private static string? Given(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text ? text : null;

    private static Uri ParseServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "smtp" or "smtps" && uri.Host.Length > 0 && uri.AbsolutePath is "" or "/" && uri.Query.Length == 0
            ? uri
            : throw new SettingException("SMTP_URI must be smtp://[user:password@]host[:port], or smtps:// for TLS from the start.");

    private static MailboxAddress ParseSender(string text) =>
        MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.IndexOf('@') is > 0 and var at && at < mailbox.Address.Length - 1 && !text.Any(char.IsControl)
            ? mailbox
            : throw new SettingException("MAIL_FROM must be an address with or without a name, such as 'The News <news@example.org>'.");
}

/// <summary>How long the mail server may take, and how many connections it gets.</summary>
/// <param name="Send">For one whole mail; a server may think long before it takes one (RFC 5321, 4.5.3.2).</param>
/// <param name="Idle">A connection unused for so long is closed.</param>
public sealed record MailLimits(int Connections, TimeSpan Connect, TimeSpan Send, TimeSpan Idle)
{
    public static readonly MailLimits Default = new(Connections: 8, Connect: TimeSpan.FromSeconds(15), Send: TimeSpan.FromMinutes(5), Idle: TimeSpan.FromSeconds(30));
}

/// <summary>Names of lanes beside the usual one.</summary>
public static class Lanes
{
    /// <summary>A queue, workers and connections of its own, so that breaking news overtakes whatever is on its way.</summary>
    public const string Breaking = "breaking";
}

public static class MailServices
{
    /// <summary>The mailer that the settings ask for, and what makes the mails.</summary>
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var settings = MailSettings.Read(builder.Configuration, new PlatformSettings(builder.Configuration));
        builder.Services.AddSingleton(settings).AddSingleton(MailLimits.Default).AddSingleton<ArticleMails>().AddSingleton<DigestMails>().AddSingleton<ConfirmationMails>().AddSingleton<IChannel, EmailChannel>();
        var (limits, warmUp) = MailPace.Read(builder.Configuration);
        builder.Services.AddSingleton<MailPaceStore>().AddSingleton(p => new MailPace(limits, warmUp, p.GetRequiredService<MailPaceStore>(), p.GetRequiredService<TimeProvider>()));
        if (Dkim.Read(builder.Configuration) is { } dkim) builder.Services.AddSingleton(_ => dkim);
        builder.Services.AddSingleton(p => Make(p, settings)).AddKeyedSingleton(Lanes.Breaking, (p, _) => Make(p, settings));
    }

    private static IMailer Make(IServiceProvider services, MailSettings settings)
    {
        IMailer mailer = settings.Server is null ? ActivatorUtilities.CreateInstance<PickupMailer>(services) : ActivatorUtilities.CreateInstance<SmtpMailer>(services);
        return services.GetService<Dkim>() is { } dkim ? new SigningMailer(mailer, dkim) : mailer;
    }
}
