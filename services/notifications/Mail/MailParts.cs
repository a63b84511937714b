using System.Text;
using MimeKit;
using MimeKit.Text;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>What all our mails have in common (RFC 5322, 2045 to 2047, 3834).</summary>
public static class MailParts
{
    /// <param name="id">Names the mail: its Message-ID is derived from it, so that a receiver sees a repeat as a repeat.</param>
    /// <param name="address">The reader's; checked by <see cref="EmailAddress"/> when it came in.</param>
    /// <param name="language">Of the wording.</param>
    public static OutgoingMail New(MailSettings settings, Guid id, string address, string subject, string language, DateTimeOffset date)
    {
        var to = new MailboxAddress("", EmailAddress.TryParse(address)!.Mailbox);
        var sender = settings.From.Name is { Length: > 0 } ? settings.From : new MailboxAddress(MailWords.In(language).Site, settings.From.Address);
        var message = new MimeMessage { MessageId = $"{id:N}@{settings.Host}", Date = date.ToUniversalTime(), Subject = MailLayout.OneLine(subject) };
        message.From.Add(sender);
        message.To.Add(to);
        message.Headers.Add(HeaderId.ContentLanguage, language);
        // Nobody's automatic answer should come back.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return new(id, message, to);
    }

    /// <summary>What of a mail goes to many: List-Id, and Feedback-ID, by which large receivers tell their senders of complaints.</summary>
    /// <param name="kind">Of mail, such as <c>articles</c>: one word in lower case.</param>
    /// <param name="about">What it tells of, the same for all who get it.</param>
    public static void ToMany(MimeMessage message, MailSettings settings, string kind, Guid about, string language)
    {
        var sender = string.Concat(settings.Host.Where(char.IsAsciiLetterOrDigit));
        message.Headers.Add(HeaderId.ListId, $"<{kind}.{settings.Host}>");
        message.Headers.Add("Feedback-ID", $"{about:N}:{language}:{kind}:{(sender.Length > 15 ? sender[..15] : sender.PadRight(5, '0'))}");
        message.Headers.Add(HeaderId.Precedence, "bulk");
    }

    /// <summary>Address of a page, in the reader's language: the site's own at the root, others under theirs.</summary>
    public static string Page(PlatformSettings platform, string language, string path) => platform.Public(language == platform.Languages[0] || !platform.Languages.Contains(language) ? path : $"/{language}{path.TrimEnd('/')}");

    public static string Site(MailSettings settings, MailWords words) => settings.From.Name is { Length: > 0 } name ? MailLayout.OneLine(name) : words.Site;

    /// <summary>The same content as plain text and as HTML, the better one last.</summary>
    public static MultipartAlternative Alternative(Guid id, (string Content, ContentEncoding Encoding) text, (string Content, ContentEncoding Encoding) html) => new(Part(TextFormat.Plain, text), Part(TextFormat.Html, html)) { Boundary = $"part-{id:N}" };

    /// <summary>An encoding that survives every server, and is the shorter one: quoted-printable where most is ASCII, else base64.</summary>
    public static ContentEncoding EncodingOf(string content) =>
        Encoding.UTF8.GetByteCount(content) > content.Length * 7 / 6 ? ContentEncoding.Base64 : ContentEncoding.QuotedPrintable;

    private static TextPart Part(TextFormat format, (string Content, ContentEncoding Encoding) part)
    {
        var text = new TextPart(format) { ContentTransferEncoding = part.Encoding };
        text.SetText(Encoding.UTF8, part.Content);
        return text;
    }
}
