using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>An admin sees, adds and takes back suppressed addresses.</summary>
public static class ManageSuppressions
{
    /// <param name="Reason">At most 200 characters.</param>
    public sealed record SuppressRequest(string Address, string Reason);

    /// <param name="Reason"><c>hard</c>, <c>complaint</c> or <c>soft</c> where a bounce brought it; else an admin's words.</param>
    public sealed record SuppressionView(Guid Id, string Address, string Reason, DateTimeOffset CreatedAt);

    /// <returns>200, newest first.</returns>
    public static async Task<Page<SuppressionView>> List(PageRequest page, SuppressionStore store, Cursors cursors, CancellationToken ct)
    {
        Guid? before = page.Cursor is null ? null : page.Cursor is ["suppressions", var last] && Guid.TryParse(last, out var given) ? given : throw Cursors.Foreign();
        return page.Cut(await store.List(before, page.Limit, ct), cursors, s => ["suppressions", s.Id.ToString()], View);
    }

    /// <summary>Nothing is sent there from then on, save what is on its way.</summary>
    /// <returns>201; an address that is suppressed already keeps its suppression; 400.</returns>
    public static async Task<Created<SuppressionView>> Add(SuppressRequest request, NewId id, SuppressionStore store, PlatformSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var text = errors.Text(request.Address, EmailAddress.MaxLength);
        var address = EmailAddress.TryParse(text);
        errors.Check(address is not null || text.Length == 0, "address", "Not an address that mail can be sent to.");
        var reason = errors.Text(request.Reason, Suppression.MaxReason);
        errors.ThrowIfAny();
        var suppression = await store.Add(new(id.Value, address!.Given, address.Key, reason, clock.Now()), ct);
        return TypedResults.Created(settings.Public($"/api/suppressions/{suppression.Id}"), View(suppression));
    }

    /// <returns>204; 404.</returns>
    public static async Task<NoContent> Remove(Guid id, SuppressionStore store, CancellationToken ct) => await store.Remove(id, ct) ? TypedResults.NoContent() : throw Problem.NotFound("suppression");

    private static SuppressionView View(Suppression s) => new(s.Id, s.Address, s.Reason, s.CreatedAt);
}
