using System.Net;
using static Platform.Web.ErrorPage;

namespace Platform.Web;

/// <summary>Confirming, changing and ending a subscription, each under a secret link from a mail. Opening a link changes nothing; a button does.</summary>
public static class SubscriptionPages
{
    public static IResult AskToConfirm(Edition edition, string? token) =>
        ErrorPage.Show(new(Head(edition, edition.Words["ConfirmTitle"]), edition.Words["ConfirmTitle"], edition.Words["ConfirmText"],
            Button: new(edition.Words["Confirm"], edition.Prefix + "/subscriptions/confirm", "token", token ?? "")));

    /// <returns>303 to the page of the subscription; 410 where the link was used or is old.</returns>
    public static async Task<IResult> Confirm(Edition edition, IFormCollection form, HttpContext http, Subscriptions subscriptions, CancellationToken ct)
    {
        var answer = await subscriptions.Confirm(form["token"].ToString(), http, ct);
        return answer.Body is { } confirmed ? PostComment.SeeOther(http, edition.Manage(confirmed.ManageToken) + "?confirmed#outcome") : LinkGone(edition);
    }

    /// <summary>The page of one subscription, in the language of its mails.</summary>
    /// <returns>200; 410 for a link that nobody holds.</returns>
    public static async Task<IResult> Manage(Edition edition, string manageToken, HttpContext http, Articles articles, Subscriptions subscriptions, CancellationToken ct)
    {
        var categories = Pages.OrNull(articles.Categories(ct));
        if ((await subscriptions.Mine(manageToken, http, ct)).Body is not { } subscription) return LinkGone(edition);
        var status = http.Request.Query.ContainsKey("confirmed") ? "Confirmed" : http.Request.Query.ContainsKey("saved") ? "Saved" : null;
        return Views.SubscribeView.Create(Model(edition, manageToken, subscription, await categories) with { Status = status });
    }

    /// <summary>Changes sections, schedule and language; topics that the page does not show stay.</summary>
    /// <returns>303 to the page; 422 with what is wrong; 410 for a link that nobody holds.</returns>
    public static async Task<IResult> Save(Edition edition, string manageToken, IFormCollection form, HttpContext http, Articles articles, Subscriptions subscriptions, CancellationToken ct)
    {
        if ((await subscriptions.Mine(manageToken, http, ct)).Body is not { } before) return LinkGone(edition);
        var chosen = SubscribePage.Chosen(form);
        var others = before.Topics is { Tags: { Count: > 0 } } or { Authors: { Count: > 0 } } or { Keywords: { Count: > 0 } };
        var changed = before with
        {
            Language = edition.In(form["language"].ToString()).Language,
            Topics = before.Topics with { All = chosen.Count == 0 && (before.Topics.All == true || !others) ? true : null, Categories = chosen.Count == 0 ? null : [.. chosen] },
            Schedule = SubscribePage.Kind(form) is var kind && kind == before.Schedule.Kind ? before.Schedule : new(kind),
        };
        var answer = await subscriptions.Save(manageToken, changed, http, ct);
        if (answer.Body is not null) return PostComment.SeeOther(http, edition.Manage(manageToken) + "?saved#outcome");
        var view = Views.SubscribeView.Create(Model(edition, manageToken, changed, await Pages.OrNull(articles.Categories(ct))) with { Alert = answer.Problem?.Code == "subscription.scheduleNotOffered" ? "ScheduleNotOffered" : "SubscribeAway" });
        view.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return view;
    }

    public static async Task<IResult> End(Edition edition, string manageToken, HttpContext http, Subscriptions subscriptions, CancellationToken ct) =>
        Ended(edition, await subscriptions.End(manageToken, http, ct));

    public static IResult AskToUnsubscribe(Edition edition, string token) =>
        ErrorPage.Show(new(Head(edition, edition.Words["UnsubscribeTitle"]), edition.Words["UnsubscribeTitle"], edition.Words["UnsubscribeText"],
            Button: new(edition.Words["Unsubscribe"], edition.Prefix + "/subscriptions/unsubscribe", "token", token)));

    /// <summary>The button of that page. Not at the page's own address: what is posted there comes from mail services and may go to Notifications directly.</summary>
    public static Task<IResult> UnsubscribeByButton(Edition edition, IFormCollection form, HttpContext http, Subscriptions subscriptions, CancellationToken ct) =>
        Unsubscribe(edition, form["token"].ToString(), http, subscriptions, ct);

    /// <summary>One click in the reader's mail program (RFC 8058).</summary>
    /// <returns>200, the second time too; 410 for a link that nobody was given.</returns>
    public static async Task<IResult> Unsubscribe(Edition edition, string token, HttpContext http, Subscriptions subscriptions, CancellationToken ct) =>
        Ended(edition, await subscriptions.Unsubscribe(token, http, ct));

    private static IResult Ended(Edition edition, Answer<Nothing> answer) => (int)answer.Status < 300
        ? ErrorPage.Show(new(Head(edition, edition.Words["UnsubscribedTitle"]), edition.Words["UnsubscribedTitle"], edition.Words["UnsubscribedText"], Role: "status", Link: new(edition.Words["BackHome"], edition.Front())))
        : LinkGone(edition);

    private static IResult LinkGone(Edition edition) =>
        ErrorPage.Show(new(Head(edition, edition.Words["ConfirmGoneTitle"]), edition.Words["ConfirmGoneTitle"], edition.Words["ConfirmGoneText"], Role: "alert", Link: new(edition.Words["SubscribeTitle"], edition.Subscribe())), (int)HttpStatusCode.Gone);

    private static SubscribePage.SubscribeModel Model(Edition edition, string manageToken, Subscription subscription, CategoryList? categories)
    {
        var home = edition.In(subscription.Language);
        var head = new PageHead(home, home.Words["ManageTitle"], home.Manage(manageToken)) { Private = true, Sections = Pages.Sections(categories) };
        return new(head, null, (subscription.Topics.Categories ?? []).ToHashSet(StringComparer.Ordinal), subscription.Schedule.Kind, manageToken, subscription.Language) { Categories = categories?.Items ?? [] };
    }
}
