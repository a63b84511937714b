using System.Globalization;
using MimeKit;
using Platform.Notifications.Mail;

namespace Platform.Notifications.CommentMails;

/// <summary>Makes the mails to those who comment. Names and titles stand in one line each, and nothing of a comment's text is in them.</summary>
public sealed class CommentMailComposer(MailSettings settings)
{
    /// <param name="address">Opened.</param>
    /// <param name="link">Opened.</param>
    public OutgoingMail Make(CommentMail mail, string address, string link) => mail.Lines is null ? Proof(mail, address, link) : Replies(mail, mail.Lines, address, link);

    private OutgoingMail Proof(CommentMail mail, string address, string link)
    {
        var (words, common) = (CommentMailWords.In(mail.Language), MailWords.In(mail.Language));
        var site = MailParts.Site(settings, common);
        var (subject, body) = (In(words.ProofSubject, site), In(words.ProofText, site));
        var text = $"{words.ProofTitle}\n\n{body}\n\n{words.ProofButton}:\n{link}\n\n{words.ProofElse}\n";
        var html = MailLayout.Page(common.Language, site, subject, body,
            MailLayout.Row(common.Language, words.ProofTitle, 24, "bold", tag: "h1", space: 24) + MailLayout.Row(common.Language, body, 17) + MailLayout.Button(common.Language, words.ProofButton, link),
            MailLayout.Encode(words.ProofElse));
        return Made(mail, address, subject, text, html);
    }

    private OutgoingMail Replies(CommentMail mail, IReadOnlyList<string> lines, string address, string off)
    {
        var (words, common) = (CommentMailWords.In(mail.Language), MailWords.In(mail.Language));
        var site = MailParts.Site(settings, common);
        var subject = mail.Count == 1 ? words.ReplySubject : In(words.RepliesSubject, mail.Count);
        var replies = lines.Chunk(3).Select(l => (Said: In(words.Answered, MailLayout.OneLine(l[0]), MailLayout.OneLine(l[1])), Url: l[2])).ToList();
        var more = mail.Count > replies.Count ? words.More : null;
        var why = In(words.Why, site);
        var text = string.Join("\n\n", [subject, .. replies.Select(r => $"{r.Said}\n{r.Url}"), .. more is null ? Array.Empty<string>() : [more], $"-- \n{why}\n{words.Off}: {off}\n"]);
        var html = MailLayout.Page(common.Language, site, subject, replies[0].Said,
            string.Concat(replies.Select(r => MailLayout.Row(common.Language, r.Said, 17, space: 20) + MailLayout.Button(common.Language, words.Read, r.Url))) + MailLayout.Row(common.Language, more, 16),
            $"{MailLayout.Encode(why)}<br>{MailLayout.Link(words.Off, off)}");
        var made = Made(mail, address, subject, text, html);
        // RFC 8058: a mail program ends them with one POST, without a page.
        made.Message.Headers.Add(HeaderId.ListUnsubscribe, $"<{off}>");
        made.Message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        made.Message.Headers.Add(HeaderId.ListId, $"<replies.{settings.Host}>");
        made.Message.Headers.Add(HeaderId.Precedence, "bulk");
        return made;
    }

    private OutgoingMail Made(CommentMail mail, string address, string subject, string text, string html)
    {
        var made = MailParts.New(settings, mail.Id, address, subject, mail.Language, mail.RequestedAt);
        made.Message.Body = MailParts.Alternative(mail.Id, (text, MailParts.EncodingOf(text)), (html, MailParts.EncodingOf(html)));
        return made;
    }

    private static string In(string sentence, params object[] values) => string.Format(CultureInfo.InvariantCulture, sentence, values);
}
