using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>Pages that say in the reader's language why there is no other page, and pages that ask for one press of a button.</summary>
public static partial class ErrorPage
{
    /// <param name="Role"><c>status</c> or <c>alert</c> where the text is the outcome of what the reader did.</param>
    /// <param name="Button">Label and action of a button, sent as a form.</param>
    /// <param name="Link">Label and address of the way on.</param>
    public sealed record Notice(PageHead Head, string Heading, string Text, string? Role = null, NoticeButton? Button = null, NoticeLink? Link = null);
    public sealed record NoticeButton(string Label, string Action, string? Field = null, string? Value = null);
    public sealed record NoticeLink(string Label, string Path);

    /// <param name="status">400, 403, 404, 410, 500 or 503; any other speaks as the nearest of these.</param>
    public static IResult Result(HttpContext http, Edition edition, int status)
    {
        var words = status switch { 403 or 404 or 410 or 503 => status, 405 => 404, 429 => 503, >= 500 => 500, _ => 400 };
        var name = "Error" + words.ToString(CultureInfo.InvariantCulture);
        if (status == 503) http.Response.Headers.RetryAfter = "5";
        return Show(new(Head(edition, edition.Words[name + "Title"]), edition.Words[name + "Title"], edition.Words[name + "Text"], Link: new(edition.Words["BackHome"], edition.Front())), status);
    }

    public static IResult Show(Notice notice, int status = StatusCodes.Status200OK)
    {
        var view = Views.NoticeView.Create(notice);
        view.StatusCode = status;
        return view;
    }

    public static PageHead Head(Edition edition, string title) => new(edition, title, edition.Front()) { Private = true };

    /// <summary>Turns failures below it, and bare statuses of the framework, into pages; and refuses forms of other sites.</summary>
    public static void UsePages(this WebApplication app, IReadOnlyList<Edition> editions)
    {
        var logger = app.Services.GetRequiredService<ILogger<Notice>>();
        app.Use(async (http, next) =>
        {
            PageHeaders.Set(http.Response.Headers);
            int status;
            try
            {
                if (!SameSite.Allows(http, editions[0].PublicUrl)) http.Response.StatusCode = StatusCodes.Status403Forbidden;
                else await next(http);
                status = http.Response.StatusCode;
                if (http.Response.HasStarted || status < 400 || http.Response.ContentType is not null || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) return;
            }
            catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
            {
                status = e is UpstreamDownException ? 503 : ProblemHandler.From(e).Status;
                if (e is UpstreamDownException) Log.Down(logger, e.Message, http.Request.Path);
                else if (status >= 500) Log.Failed(logger, e, http.Request.Method, http.Request.Path);
                http.Response.Clear();
                PageHeaders.Set(http.Response.Headers);
            }
            await Result(http, Of(http.Request.Path, editions), status).ExecuteAsync(http);
        });
    }

    private static Edition Of(PathString path, IReadOnlyList<Edition> editions) =>
        editions.FirstOrDefault(e => e.Prefix.Length > 0 && path.StartsWithSegments(e.Prefix, StringComparison.Ordinal)) ?? editions[0];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Path} is not served: {Reason}")]
        public static partial void Down(ILogger logger, string reason, string path);

        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string path);
    }
}
