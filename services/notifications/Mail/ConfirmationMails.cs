using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>Makes the mail whose link confirms a subscription. It says nothing that whoever asked for it could have written.</summary>
public sealed class ConfirmationMails(PlatformSettings platform, MailSettings settings, Tokens tokens)
{
    public OutgoingMail Make(Subscription subscription)
    {
        var confirmation = subscription.Confirmation!;
        var language = subscription.Wish!.Preferences.Language;
        var words = MailWords.In(language);
        var site = MailParts.Site(settings, words);
        string In(string sentence) => string.Format(CultureInfo.InvariantCulture, sentence, site);
        var link = MailParts.Page(platform, language, "/subscriptions/confirm") + "?token=" + tokens.Confirm(confirmation.Id);

        var text = $"{words.ConfirmTitle}\n\n{In(words.ConfirmText)}\n\n{words.ConfirmButton}:\n{link}\n\n{words.ConfirmElse}\n";
        var html = MailLayout.Page(words.Language, site, In(words.ConfirmSubject), In(words.ConfirmText),
            MailLayout.Row(words.Language, words.ConfirmTitle, 24, "bold", tag: "h1", space: 24)
            + MailLayout.Row(words.Language, In(words.ConfirmText), 17)
            + MailLayout.Button(words.Language, words.ConfirmButton, link),
            MailLayout.Encode(words.ConfirmElse));

        var mail = MailParts.New(settings, confirmation.Id, subscription.Address, In(words.ConfirmSubject), language, confirmation.RequestedAt);
        mail.Message.Body = MailParts.Alternative(confirmation.Id, (text, MailParts.EncodingOf(text)), (html, MailParts.EncodingOf(html)));
        return mail;
    }
}
