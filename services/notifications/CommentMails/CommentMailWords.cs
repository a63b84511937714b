namespace Platform.Notifications.CommentMails;

/// <summary>The wording of mails to those who comment. Where a language has none, English stands in.</summary>
/// <param name="ProofSubject">{0} is the site, here and below.</param>
/// <param name="RepliesSubject">{0} is how many.</param>
/// <param name="Answered">{0} is who, {1} the title.</param>
public sealed record CommentMailWords(string ProofSubject, string ProofTitle, string ProofText, string ProofButton, string ProofElse,
    string ReplySubject, string RepliesSubject, string Answered, string More, string Read, string Why, string Off)
{
    private static readonly CommentMailWords Arabic = new(
        ProofSubject: "أكّد عنوانك لتعليقاتك في «{0}»",
        ProofTitle: "هل هذا عنوانك؟",
        ProofText: "كُتب تعليق في «{0}» بهذا العنوان البريدي. إن كنت صاحبه فأكّد عنوانك بالضغط على الرابط، وهو صالح سبعة أيام: يُنشر ما ينتظر التأكيد من تعليقاتك، ويمكنك بعده الاطّلاع على كل ما كتبت أو حذفه.",
        ProofButton: "تأكيد العنوان",
        ProofElse: "إن لم تكتب تعليقاً فتجاهل هذه الرسالة.",
        ReplySubject: "ردّ على تعليقك",
        RepliesSubject: "ردود على تعليقاتك ({0})",
        Answered: "ردّ عليك {0} في «{1}»",
        More: "وردود أخرى",
        Read: "اقرأ الرد",
        Why: "تصلك هذه الرسالة لأنك طلبت إبلاغك بالردود على تعليقاتك في «{0}».",
        Off: "إيقاف رسائل الردود");

    private static readonly CommentMailWords English = new(
        ProofSubject: "Confirm your address for your comments on {0}",
        ProofTitle: "Is this your address?",
        ProofText: "A comment was written on {0} under this address. If it is yours, confirm it with the link, which is good for seven days: your comments that wait for it are published, and you can read or erase all that you wrote.",
        ProofButton: "Confirm address",
        ProofElse: "If you did not write a comment, ignore this message.",
        ReplySubject: "A reply to your comment",
        RepliesSubject: "Replies to your comments ({0})",
        Answered: "{0} has replied to you on “{1}”",
        More: "and further replies",
        Read: "Read the reply",
        Why: "You receive this because you asked to hear of replies to your comments on {0}.",
        Off: "Stop mails about replies");

    public static CommentMailWords In(string language) => language == "ar" ? Arabic : English;
}
