using System.Globalization;
using System.Text;
using MimeKit;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>Makes the mail that tells one subscriber of all that came since the last one. The same row gives the same mail, byte for byte, as long as its articles are the same.</summary>
public sealed class DigestMails(PlatformSettings platform, MailSettings settings, Tokens tokens)
{
    /// <param name="items">At least one; newest first.</param>
    public OutgoingMail Make(IReadOnlyList<DigestItem> items, Delivery row, Subscription subscription)
    {
        var language = subscription.Preferences!.Language;
        var words = MailWords.In(language);
        var site = MailParts.Site(settings, words);
        var name = words.NameOf(row.Period!);
        var subject = $"{name}: {MailLayout.OneLine(items[0].Article.Title)}";
        var manage = MailParts.Page(platform, language, $"/subscriptions/{tokens.Manage(subscription.Id)}");
        var token = tokens.Unsubscribe(subscription.Id);
        var (unsubscribe, end, front) = (platform.Public($"/unsubscribe/{token}"), MailParts.Page(platform, language, $"/unsubscribe/{token}"), MailParts.Page(platform, language, "/"));
        var why = string.Format(CultureInfo.InvariantCulture, words.Why, site);

        var text = new StringBuilder($"{name}\n{words.Since}\n\n");
        var html = new StringBuilder(MailLayout.Row(words.Language, name, 14, "bold", quiet: true, space: 24)).Append(MailLayout.Row(words.Language, words.Since, 22, "bold", tag: "h1", space: 4));
        foreach (var item in items)
        {
            var article = item.Article;
            var label = item.Note is not null ? words.Correction : article.Breaking ? words.Breaking : null;
            var over = string.Join(" · ", new[] { label, MailLayout.OneLine(article.Section) }.Where(part => !string.IsNullOrEmpty(part)));
            var (title, note, summary) = (MailLayout.OneLine(article.Title), MailLayout.OneLine(item.Note), MailLayout.OneLine(article.Summary));
            text.AppendJoin('\n', new[] { over, title, note, summary, article.Url }.Where(line => line.Length > 0)).Append("\n\n");
            html.Append(MailLayout.Row(article.Language, over, 14, "bold", quiet: true, space: 24)).Append(MailLayout.LinkRow(article.Language, title, article.Url, 20))
                .Append(MailLayout.Row(article.Language, note, 16, "bold", space: 4)).Append(MailLayout.Row(article.Language, summary, 16, space: 4));
        }
        html.Append(MailLayout.Button(words.Language, words.More, front));
        text.Append(CultureInfo.InvariantCulture, $"{words.More}:\n{front}\n\n-- \n{why}\n{words.Manage}: {manage}\n{words.Unsubscribe}: {end}\n");
        var page = MailLayout.Page(words.Language, site, subject, MailLayout.OneLine(items[0].Article.Summary), html.ToString(),
            $"{MailLayout.Encode(why)}<br>{MailLayout.Link(words.Manage, manage)} &nbsp;·&nbsp; {MailLayout.Link(words.Unsubscribe, end)}");

        var mail = MailParts.New(settings, row.Id, subscription.Address, subject, language, row.UpTo!.Value);
        mail.Message.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
        mail.Message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        MailParts.ToMany(mail.Message, settings, "digests", row.DispatchId, language);
        mail.Message.Body = MailParts.Alternative(row.Id, (text.ToString(), MailParts.EncodingOf(text.ToString())), (page, MailParts.EncodingOf(page)));
        return mail;
    }
}
