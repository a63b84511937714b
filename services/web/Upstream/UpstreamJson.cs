using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Web;

/// <summary>Reads and writes the other parts' JSON without reflection; what is null is left out, what is unknown is ignored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Article))]
[JsonSerializable(typeof(ArticlePageParts))]
[JsonSerializable(typeof(ArticleList))]
[JsonSerializable(typeof(SearchList))]
[JsonSerializable(typeof(CategoryList))]
[JsonSerializable(typeof(Category))]
[JsonSerializable(typeof(TagName))]
[JsonSerializable(typeof(Author))]
[JsonSerializable(typeof(Picture))]
[JsonSerializable(typeof(MonthList))]
[JsonSerializable(typeof(AddressList))]
[JsonSerializable(typeof(CommentList))]
[JsonSerializable(typeof(Comment))]
[JsonSerializable(typeof(NewComment))]
[JsonSerializable(typeof(NewReport))]
[JsonSerializable(typeof(Proof))]
[JsonSerializable(typeof(OwnComments))]
[JsonSerializable(typeof(Reactions))]
[JsonSerializable(typeof(NewSubscription))]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(ConfirmRequest))]
[JsonSerializable(typeof(Confirmed))]
[JsonSerializable(typeof(UpstreamProblem))]
internal sealed partial class UpstreamJson : JsonSerializerContext;

internal static class Forwarding
{
    private static readonly string[] ReaderCookies = ["reader", "__Host-reader"];

    /// <summary>As <see cref="ForwardAddress"/>, and the cookie by which Comments tells readers apart.</summary>
    public static void ForwardReader(this HttpRequestMessage request, HttpContext reader)
    {
        request.ForwardAddress(reader);
        var known = ReaderCookies.Where(reader.Request.Cookies.ContainsKey).Select(n => $"{n}={Uri.EscapeDataString(reader.Request.Cookies[n]!)}").ToArray();
        if (known.Length > 0) request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", known));
    }

    /// <summary>Passes the reader's network address on as the gateway gave it, so that limits and bans meet the reader and not this service.</summary>
    public static void ForwardAddress(this HttpRequestMessage request, HttpContext reader)
    {
        if (reader.Request.Headers["X-Forwarded-For"] is { Count: > 0 } forwarded) request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded.ToString());
    }
}
