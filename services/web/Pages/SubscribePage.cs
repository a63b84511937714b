using System.Net;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>Subscribing by e-mail: which sections, how often.</summary>
public static class SubscribePage
{
    /// <param name="Address">What the reader wrote; null on the page of a subscription that there is.</param>
    /// <param name="ManageToken">The secret of that subscription, else null.</param>
    public sealed record SubscribeModel(PageHead Head, string? Address, IReadOnlySet<string> Chosen, string Kind, string? ManageToken = null, string? Language = null)
    {
        /// <summary>Name of the wording of what is wrong with the address, or null.</summary>
        public string? AddressError { get; init; }

        /// <summary>Name of the wording of what has been done, or null.</summary>
        public string? Status { get; init; }

        /// <summary>Name of the wording of what has not, or null.</summary>
        public string? Alert { get; init; }

        /// <summary>Every category, children too.</summary>
        public IReadOnlyList<Category> Categories { get; init; } = [];
    }

    /// <summary>How often mails may come; the first is the form's own choice.</summary>
    public static readonly string[] Kinds = ["instant", "daily", "weekly"];

    private const int MaxCategories = 100;

    public static async Task<IResult> Show(Edition edition, HttpContext http, Articles articles, CancellationToken ct)
    {
        var categories = await Pages.OrNull(articles.Categories(ct));
        var sent = http.Request.Query.ContainsKey("sent");
        http.Response.Cacheable(categories is not null && http.Request.Query.Count == 0, []);
        return Views.SubscribeView.Create(new(Head(edition, categories), "", new HashSet<string>(), Kinds[0]) { Categories = categories?.Items ?? [], Status = sent ? "SubscribeSent" : null });
    }

    /// <returns>303 to the page that says a mail is on its way, the same for known and unknown addresses; 422 with the page and what is wrong.</returns>
    public static async Task<IResult> Send(Edition edition, IFormCollection form, HttpContext http, Articles articles, Subscriptions subscriptions, CancellationToken ct)
    {
        var categories = Pages.OrNull(articles.Categories(ct));
        var address = form["address"].ToString().Trim();
        var model = new SubscribeModel(new PageHead(edition, null, ""), address, Chosen(form), Kind(form));
        if (!EmailAddress.IsValid(address)) model = model with { AddressError = address.Length == 0 ? "EmailMissing" : "EmailWrong", Alert = "SubscribeRefused" };
        else
        {
            try
            {
                var answer = await subscriptions.Subscribe(new("email", address, edition.Language, Topics(model.Chosen), new Schedule(model.Kind)), http, ct);
                if ((int)answer.Status < 300) return PostComment.SeeOther(http, edition.Subscribe() + "?sent#outcome");
                model = answer.Status switch
                {
                    _ when answer.Problem?.Code == "subscription.scheduleNotOffered" => model with { Alert = "ScheduleNotOffered" },
                    HttpStatusCode.TooManyRequests => model with { Alert = "SubscribeTooOften" },
                    _ when answer.Problem?.Errors?.ContainsKey("address") == true => model with { AddressError = "EmailWrong", Alert = "SubscribeRefused" },
                    _ => model with { Alert = "SubscribeAway" },
                };
            }
            catch (UpstreamDownException)
            {
                model = model with { Alert = "SubscribeAway" };
            }
        }
        var view = Views.SubscribeView.Create(model with { Head = Head(edition, await categories), Categories = (await categories)?.Items ?? [] });
        view.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return view;
    }

    public static IReadOnlySet<string> Chosen(IFormCollection form) => form["categories"].OfType<string>().Take(MaxCategories).ToHashSet(StringComparer.Ordinal);

    public static string Kind(IFormCollection form) => Kinds.FirstOrDefault(k => k == form["schedule"]) ?? Kinds[0];

    public static Topics Topics(IReadOnlySet<string> chosen) => chosen.Count == 0 ? new(true, null) : new(null, [.. chosen]);

    private static PageHead Head(Edition edition, CategoryList? categories) => new(edition, edition.Words["SubscribeTitle"], edition.Subscribe())
    {
        Sections = Pages.Sections(categories),
        Translations = edition.Others.ToDictionary(e => e.Language, e => e.Subscribe()),
    };
}
