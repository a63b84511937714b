using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>One-click unsubscribe (RFC 8058): a mail program posts to the address in List-Unsubscribe, without a page and without a cookie.</summary>
public static class Unsubscribe
{
    private const string Field = "List-Unsubscribe", Value = "One-Click";

    /// <returns>200, and again 200; 400 without the form field <c>List-Unsubscribe=One-Click</c>; 404 for a token that was never given out.</returns>
    public static async Task<Ok> Handle(string token, HttpContext http, SubscriptionStore store, Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        if (await Read(http.Request, ct) != Value) throw Problem.Invalid(Field, $"Send the form field {Field}={Value}.");
        var id = tokens.ReadUnsubscribe(token) ?? throw Problem.NotFound("subscription");
        await store.End(id, clock.Now(), ct);
        return TypedResults.Ok();
    }

    /// <summary>The field of a form, urlencoded or multipart, as RFC 8058 has it; null where there is none.</summary>
    private static async Task<string?> Read(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType) return null;
        try { return (await request.ReadFormAsync(ct))[Field]; }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException)) { return null; }   // too many fields, cut off, or no form at all
    }
}
