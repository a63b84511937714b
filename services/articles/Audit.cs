using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>What something was done to.</summary>
/// <param name="Kind">Such as <c>article</c>, <c>category</c>, <c>import</c>.</param>
/// <param name="Id">Its id or slug.</param>
/// <param name="Name">As people know it, or null.</param>
public sealed record AuditSubject(string Kind, string Id, string? Name = null);

/// <param name="By">Who did it; <see cref="Guid.Empty"/> is the service itself.</param>
/// <param name="Action">A past-tense word, such as <c>deleted</c>.</param>
/// <param name="Details">What else is worth knowing; never what readers' privacy forbids.</param>
/// <param name="Done">False: it was begun, and whether it came to pass was not heard of: a crash, or the store went away.</param>
public sealed record AuditEntry(Guid Id, DateTimeOffset At, Guid By, string ByName, string Action, AuditSubject Subject, Dictionary<string, string> Details, bool Done);

/// <summary>
/// Records what editors do besides changing articles, whose versions tell that by themselves. An entry is written before the deed, so that nothing is done
/// without one; it is confirmed after, and taken back where the deed was refused. Entries are never changed otherwise, nor deleted.
/// </summary>
public sealed class Audit(AuditStore store, TimeProvider clock)
{
    /// <summary>Records what has happened, or is about to. When this returns, the entry is safe (a majority of the store has it).</summary>
    public Task Record(CurrentUser user, string action, AuditSubject subject, Dictionary<string, string>? details = null, CancellationToken ct = default) =>
        store.Insert(Entry(user, action, subject, details, done: true), ct);

    /// <summary>Does something and records it: where it comes to pass there is an entry, whatever dies in between.</summary>
    /// <param name="deed">A <see cref="Problem"/> that it throws means that nothing has changed.</param>
    /// <param name="name">The subject as the result tells it, for what had no name before; null leaves it.</param>
    public async Task<T> Around<T>(CurrentUser user, string action, AuditSubject subject, Dictionary<string, string>? details, Func<Task<T>> deed, CancellationToken ct, Func<T, AuditSubject>? name = null)
    {
        var entry = Entry(user, action, subject, details, done: false);
        await store.Insert(entry, ct);
        T result;
        try
        {
            result = await deed();
        }
        catch (Problem e) when (e.Status < 500)
        {
            await store.TakeBack(entry.Id, CancellationToken.None);
            throw;
        }
        try
        {
            // The caller may be gone; what has happened is recorded all the same.
            await store.Confirm(entry.Id, name?.Invoke(result) ?? subject, CancellationToken.None);
        }
        catch (Exception e) when (StoreFailure.IsTransient(e)) { }   // it is done, and shown as uncertain
        return result;
    }

    private AuditEntry Entry(CurrentUser user, string action, AuditSubject subject, Dictionary<string, string>? details, bool done) =>
        new(Guid.CreateVersion7(), clock.Now(), user.Id, user.Name, action, subject, details ?? [], done);
}

internal static class Audited
{
    /// <summary>Records each call of the route: who created, changed or deleted a thing of this kind.</summary>
    /// <param name="kind">What the route is about; its id is the route's last value, or what Location ends with.</param>
    /// <param name="action">Absent: by method, <c>created</c>, <c>changed</c>, <c>deleted</c>.</param>
    public static RouteHandlerBuilder Recorded(this RouteHandlerBuilder route, string kind, string? action = null) => route.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var done = action ?? (HttpMethods.IsPost(http.Request.Method) ? "created" : HttpMethods.IsDelete(http.Request.Method) ? "deleted" : "changed");
        var subject = new AuditSubject(kind, http.Request.RouteValues.GetValueOrDefault("slug") as string ?? http.Request.RouteValues.GetValueOrDefault("tag") as string ?? http.Request.RouteValues.GetValueOrDefault("id") as string ?? "");
        var audit = http.RequestServices.GetRequiredService<Audit>();
        return await audit.Around(CurrentUser.From(http), done, subject, null, () => next(context).AsTask(), http.RequestAborted, result => result is ILocated { Location: { } made } ? subject with { Id = Last(made) } : subject);
    });

    private static string Last(string address) => Uri.UnescapeDataString(address[(address.LastIndexOf('/') + 1)..]);
}
