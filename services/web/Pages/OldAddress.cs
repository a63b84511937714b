using System.Net;

namespace Platform.Web;

/// <summary>Addresses that articles had on the site they were imported from: they lead to the article for ever.</summary>
public static class OldAddress
{
    /// <returns>301 to the article; 410 withdrawn; 404 where no article ever had the address.</returns>
    public static async Task<IResult> Show(Edition edition, HttpContext http, Articles articles, CancellationToken ct) =>
        await Find(edition, http.Request.Path.Value + PostOf(http), articles, ct) ?? Results.StatusCode(StatusCodes.Status404NotFound);

    /// <summary>The front page stands where WordPress has <c>/?p=123</c>.</summary>
    public static async ValueTask<object?> OfFront(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var edition = http.GetEndpoint()?.Metadata.GetMetadata<Edition>();
        return edition is not null && PostOf(http) is { Length: > 0 } post && await Find(edition, "/" + post, http.RequestServices.GetRequiredService<Articles>(), http.RequestAborted) is { } found ? found : await next(context);
    }

    private static string PostOf(HttpContext http) => http.Request.Query["p"].ToString() is { Length: > 0 and < 20 } id && id.All(char.IsAsciiDigit) ? "?p=" + id : "";

    private static async Task<IResult?> Find(Edition edition, string path, Articles articles, CancellationToken ct)
    {
        var answer = await articles.ByPermalink(path, ct);
        return answer.Status == HttpStatusCode.Gone ? Results.StatusCode(StatusCodes.Status410Gone)
            : await ArticlePage.Moved(answer.NewName, answer.Body, edition, articles, ct) is { } address ? Results.Redirect(edition.Public(address), permanent: true) : null;
    }
}
