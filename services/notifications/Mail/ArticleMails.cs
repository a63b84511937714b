using System.Collections.Concurrent;
using System.Globalization;
using MimeKit;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>Makes the mail that tells one subscriber of one article. The same row gives the same mail, byte for byte, as long as the article is the same.</summary>
public sealed class ArticleMails(PlatformSettings platform, MailSettings settings, Tokens tokens)
{
    // Stand for the reader's own links in a template; random, so that no title can hold them.
    private static readonly string ManageMark = $"manage-{Guid.NewGuid():N}", UnsubscribeMark = $"unsubscribe-{Guid.NewGuid():N}";
    private const int MaxTemplates = 32;
    private readonly ConcurrentDictionary<(Guid Dispatch, long Version, string Language), Template> _templates = new();

    private sealed record Template(string Subject, string Text, string Html, ContentEncoding TextEncoding, ContentEncoding HtmlEncoding);

    public OutgoingMail Make(Dispatch dispatch, KnownArticle article, Delivery row, Subscription subscription)
    {
        var language = subscription.Preferences!.Language;
        var template = For(dispatch, article, language);
        var manage = MailParts.Page(platform, language, $"/subscriptions/{tokens.Manage(subscription.Id)}");
        var token = tokens.Unsubscribe(subscription.Id);
        var (unsubscribe, page) = (platform.Public($"/unsubscribe/{token}"), MailParts.Page(platform, language, $"/unsubscribe/{token}"));
        string Fill(string text) => text.Replace(ManageMark, manage, StringComparison.Ordinal).Replace(UnsubscribeMark, page, StringComparison.Ordinal);

        var mail = MailParts.New(settings, row.Id, subscription.Address, template.Subject, language, dispatch.StartedAt);
        // RFC 8058: a mail program unsubscribes with one POST, without a page.
        mail.Message.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
        mail.Message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        MailParts.ToMany(mail.Message, settings, "articles", dispatch.Id, language);
        mail.Message.Body = MailParts.Alternative(row.Id, (Fill(template.Text), template.TextEncoding), (Fill(template.Html), template.HtmlEncoding));
        return mail;
    }

    private Template For(Dispatch dispatch, KnownArticle article, string language)
    {
        var key = (dispatch.Id, article.Version, language);
        if (_templates.TryGetValue(key, out var known)) return known;
        if (_templates.Count >= MaxTemplates) _templates.Clear();
        return _templates[key] = Compose(dispatch, article, language);
    }

    private Template Compose(Dispatch dispatch, KnownArticle article, string language)
    {
        var words = MailWords.In(language);
        var site = MailParts.Site(settings, words);
        var title = MailLayout.OneLine(article.Title);
        var label = dispatch.Note is not null ? words.Correction : article.Breaking ? words.Breaking : null;
        var subject = label is null ? title : $"{label}: {title}";
        var why = string.Format(CultureInfo.InvariantCulture, words.Why, site);
        var text = string.Join("\n\n", new[]
        {
            MailLayout.OneLine(article.Section), label, MailLayout.OneLine(article.Kicker), title, MailLayout.OneLine(dispatch.Note), MailLayout.OneLine(article.Summary),
            $"{words.ReadMore}:\n{article.Url}",
            $"-- \n{why}\n{words.Manage}: {ManageMark}\n{words.Unsubscribe}: {UnsubscribeMark}\n",
        }.Where(part => !string.IsNullOrEmpty(part)));
        var over = string.Join(" · ", new[] { label, MailLayout.OneLine(article.Section) }.Where(part => !string.IsNullOrEmpty(part)));
        var html = MailLayout.Page(words.Language, site, subject, MailLayout.OneLine(article.Summary),
            MailLayout.Row(article.Language, over, 14, "bold", quiet: true, space: 24)
            + MailLayout.Row(article.Language, MailLayout.OneLine(article.Kicker), 16, space: 8)
            + MailLayout.Row(article.Language, title, 26, "bold", tag: "h1", space: 4)
            + MailLayout.Row(article.Language, MailLayout.OneLine(dispatch.Note), 17, "bold")
            + MailLayout.Row(article.Language, MailLayout.OneLine(article.Summary), 17)
            + MailLayout.Button(words.Language, words.ReadMore, article.Url),
            $"{MailLayout.Encode(why)}<br>{MailLayout.Link(words.Manage, ManageMark)} &nbsp;·&nbsp; {MailLayout.Link(words.Unsubscribe, UnsubscribeMark)}");
        return new(subject, text, html, MailParts.EncodingOf(text), MailParts.EncodingOf(html));
    }
}
