using Platform.Notifications.Mail;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>The newsroom sees what a dispatch's mails look like, in each language.</summary>
public static class PreviewMail
{
    /// <param name="Text">For programs that show no HTML.</param>
    /// <param name="Html">A whole page. It is to be shown where nothing in it can run, such as a sandboxed frame.</param>
    public sealed record MailPreview(string Language, string Subject, string From, string Text, string Html);

    /// <summary>The mail as it would go out now, to nobody: its links for managing and unsubscribing lead nowhere.</summary>
    /// <param name="language">Of the wording; by default the article's.</param>
    /// <returns>200; 400 <c>language</c> is none of the platform's; 404 no such dispatch, or its article is unknown or withdrawn; 422 <c>dispatch.digests</c> for a run of digests, of which each is another.</returns>
    public static async Task<MailPreview> Handle(Guid id, string? language, DispatchStore dispatches, KnownArticleStore articles, ArticleMails mails, PlatformSettings platform, TimeProvider clock, CancellationToken ct)
    {
        if (language is not null && !platform.Languages.Contains(language)) throw Problem.Invalid("language", "The platform has no such language.");
        var dispatch = await dispatches.Find(id, ct) ?? throw Problem.NotFound("dispatch");
        if (dispatch.IsOfDigests) throw Problem.Rule("dispatch.digests", "Each reader's digest is another.");
        if (await articles.Find(dispatch.ArticleId, ct) is not { Withdrawn: false } article) throw Problem.NotFound("article");
        language ??= platform.Languages.Contains(dispatch.Language) ? dispatch.Language : platform.Languages[0];
        var (row, reader) = Nobody(dispatch, language, clock.Now());
        var mail = mails.Make(dispatch, article, row, reader).Message;
        return new(language, mail.Subject!, mail.From.ToString(), mail.TextBody!, mail.HtmlBody!);
    }

    /// <summary>A reader who is not there, with an address where none can be (RFC 2606).</summary>
    private static (Delivery Row, Subscription Reader) Nobody(Dispatch dispatch, string language, DateTimeOffset now)
    {
        var preferences = new Preferences(language, new Topics(true, null, null, null, null), new Schedule(ScheduleKind.Instant));
        return (Delivery.Plan(dispatch.Id, Guid.Empty, 0, now), new Subscription(Guid.Empty, 1, "reader@example.org", "reader@example.org", SubscriptionStatus.Confirmed, preferences, [], null, null, now, now, null, now));
    }
}
