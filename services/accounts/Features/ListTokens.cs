using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

public static class ListTokens
{
    /// <summary>The caller's own tokens, oldest first, without their secrets.</summary>
    /// <returns>200; 400 for a wrong cursor or limit.</returns>
    public static async Task<Ok<Page<TokenView>>> Handle(PageRequest page, CurrentUser user, CredentialStore credentials, Cursors cursors, CancellationToken ct) =>
        TypedResults.Ok(page.Cut(await credentials.ListTokens(user.Id, PageKey.Read(page), page.Limit, ct), cursors, t => [t.Id.ToString()], TokenView.From));
}

public static class RevokeToken
{
    /// <summary>Ends one of the caller's own tokens; felt everywhere within 5 s.</summary>
    /// <returns>204; 404.</returns>
    public static async Task<NoContent> Handle(Guid id, CurrentUser user, CredentialStore credentials, CancellationToken ct) =>
        await credentials.RevokeToken(user.Id, id, ct) ? TypedResults.NoContent() : throw Problem.NotFound("token");
}

/// <summary>Lists here are ordered by id, and an id is all that their cursors hold.</summary>
internal static class PageKey
{
    public static Guid? Read(PageRequest page) => page.Cursor is null ? null
        : page.Cursor is [var text] && Guid.TryParse(text, out var id) ? id : throw Cursors.Foreign();
}
