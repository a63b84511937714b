using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;
using Platform.ServiceDefaults;

namespace Platform.Gateway;

/// <summary>A failure as a page, where Web can't say it: in the site's own language and in English, without style, so that nothing more needs to work.</summary>
public sealed class ErrorPage(PlatformSettings settings)
{
    public Task Write(HttpContext http, Problem problem)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        if (problem.RetryAfter is { } wait) response.Headers[HeaderNames.RetryAfter] = ((int)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        var body = Encoding.UTF8.GetBytes(Html(problem.Status));
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }

    private string Html(int status)
    {
        var (arabic, english) = Words(status);
        var arabicFirst = settings.Languages[0] == "ar";
        var (ar, en) = ($"<div lang=\"ar\" dir=\"rtl\"><{(arabicFirst ? "h1" : "h2")}>{arabic}</{(arabicFirst ? "h1" : "h2")}></div>", $"<div lang=\"en\" dir=\"ltr\"><{(arabicFirst ? "h2" : "h1")}>{english}</{(arabicFirst ? "h2" : "h1")}></div>");
        var parts = settings.Languages.Contains("ar") ? arabicFirst ? ar + en : en + ar : en.Replace("h2", "h1", StringComparison.Ordinal);
        return $"<!doctype html><html lang=\"{(arabicFirst ? "ar" : "en")}\" dir=\"{(arabicFirst ? "rtl" : "ltr")}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
            + $"<meta name=\"robots\" content=\"noindex\"><title>{(arabicFirst ? arabic : english)}</title></head><body><main>{parts}<p>{status}</p></main></body></html>\n";
    }

    private static (string Arabic, string English) Words(int status) => status switch
    {
        403 => ("هذا الطلب غير مسموح به", "This request is not allowed"),
        404 => ("الصفحة غير موجودة", "There is no such page"),
        405 => ("طريقة الطلب غير مقبولة هنا", "This address does not take such a request"),
        413 => ("ما أُرسل أكبر مما يُقبل", "What was sent is too large"),
        429 => ("طلبات كثيرة في وقت قصير، حاول بعد قليل", "Too many requests; try again shortly"),
        503 => ("الموقع غير متاح مؤقتًا، حاول بعد قليل", "The site is away for a moment; try again shortly"),
        >= 500 => ("حدث خطأ لدينا", "Something failed here"),
        _ => ("تعذّر فهم الطلب", "The request could not be understood"),
    };
}
