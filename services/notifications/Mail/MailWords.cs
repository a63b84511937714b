using System.Globalization;

namespace Platform.Notifications.Mail;

/// <summary>The wording of mails in one language. Where a language has none, English stands in.</summary>
/// <param name="Site">What the site is called where MAIL_FROM gives no name.</param>
/// <param name="Why">{0} is the site.</param>
/// <param name="Daily">What a daily digest is called.</param>
/// <param name="Since">What stands over the articles of a digest.</param>
public sealed record MailWords(string Language, string Site, string ReadMore, string Breaking, string Correction, string Why, string Manage, string Unsubscribe,
    string ConfirmSubject, string ConfirmTitle, string ConfirmText, string ConfirmButton, string ConfirmElse,
    string Daily, string Weekly, string Since, string More)
{
    private static readonly MailWords Arabic = new("ar", "المنصّة",
        ReadMore: "اقرأ الخبر كاملاً",
        Breaking: "عاجل",
        Correction: "تصحيح",
        Why: "تصلك هذه الرسالة لأنك مشترك في نشرة «{0}».",
        Manage: "إدارة الاشتراك",
        Unsubscribe: "إلغاء الاشتراك",
        ConfirmSubject: "أكّد اشتراكك في «{0}»",
        ConfirmTitle: "خطوة واحدة ويكتمل اشتراكك",
        ConfirmText: "طُلب الاشتراك في أخبار «{0}» بهذا العنوان البريدي. إن كنت صاحب الطلب فأكّده بالضغط على الرابط، وهو صالح سبعة أيام ولمرة واحدة.",
        ConfirmButton: "تأكيد الاشتراك",
        ConfirmElse: "إن لم تطلب ذلك فتجاهل هذه الرسالة، ولن نراسلك.",
        Daily: "النشرة اليومية",
        Weekly: "النشرة الأسبوعية",
        Since: "أبرز ما نُشر منذ نشرتك السابقة",
        More: "المزيد على الموقع");

    private static readonly MailWords English = new("en", "The Platform",
        ReadMore: "Read the full story",
        Breaking: "Breaking",
        Correction: "Correction",
        Why: "You receive this because you subscribe to {0}.",
        Manage: "Manage subscription",
        Unsubscribe: "Unsubscribe",
        ConfirmSubject: "Confirm your subscription to {0}",
        ConfirmTitle: "One step, and you are subscribed",
        ConfirmText: "Somebody asked for news from {0} to be sent to this address. If it was you, confirm it with the link; it works once, for seven days.",
        ConfirmButton: "Confirm subscription",
        ConfirmElse: "If you did not ask for this, ignore this message and we will not write to you.",
        Daily: "Daily digest",
        Weekly: "Weekly digest",
        Since: "What was published since your last digest",
        More: "More on the site");

    /// <param name="period">See <see cref="Schedule.Period"/>.</param>
    public string NameOf(string period) => period.StartsWith("weekly", StringComparison.Ordinal) ? Weekly : Daily;

    public static MailWords In(string language) => language == Arabic.Language ? Arabic : English;

    /// <summary><c>rtl</c> or <c>ltr</c>.</summary>
    public static string Direction(string language) => CultureInfo.GetCultureInfo(language).TextInfo.IsRightToLeft ? "rtl" : "ltr";
}
