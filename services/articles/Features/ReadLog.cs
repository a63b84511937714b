using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>Editors read who did what when: to articles, and to categories, authors, media and imports.</summary>
public static class ReadLog
{
    /// <param name="From">Done then or later: ISO 8601, a time with offset or a date (UTC).</param>
    /// <param name="To">Done before that time, or on that date at the latest.</param>
    /// <param name="User">Id of who did it.</param>
    /// <param name="Action">What was done, such as <c>published</c> or <c>deleted</c>.</param>
    public sealed record LogQuery([FromQuery(Name = "from")] string? From, [FromQuery(Name = "to")] string? To, [FromQuery(Name = "user")] string? User, [FromQuery(Name = "action")] string? Action);

    /// <param name="Kind"><c>article</c>, <c>category</c>, <c>author</c>, <c>media</c>, <c>import</c> …</param>
    /// <param name="Id">Its id or slug.</param>
    /// <param name="Name">Its title or name at the time, or null.</param>
    public sealed record LogSubject(string Kind, string Id, string? Name);

    /// <param name="Action">What was done: <c>created</c>, <c>edited</c>, <c>submitted</c>, <c>returned</c>, <c>scheduled</c>, <c>published</c>, <c>corrected</c>, <c>withdrawn</c>, <c>restored</c>, <c>deleted</c> …</param>
    /// <param name="Version">The version of the article that this made, or null.</param>
    /// <param name="Note">A correction's note, or the reason that was given, or null.</param>
    /// <param name="Certain">False: it was begun, and a crash left open whether it came to pass.</param>
    public sealed record LogEntry(DateTimeOffset At, Person By, string Action, LogSubject Subject, long? Version, string? Note, IReadOnlyDictionary<string, string>? Details, bool Certain);

    /// <summary>A page of the log of all, newest first.</summary>
    /// <returns>200; 400.</returns>
    public static Task<Page<LogEntry>> All([AsParameters] LogQuery query, PageRequest page, HttpResponse response, RevisionStore revisions, AuditStore audit, Cursors cursors, CancellationToken ct)
    {
        if (query.User is { } user && !Guid.TryParseExact(user, "D", out _)) throw Problem.Invalid("user", "The id of a member of staff.");
        if (query.Action is { } action && !(action.Length is > 0 and <= 80 && action.All(char.IsAsciiLetter))) throw Problem.Invalid("action", "A word such as published.");
        var filter = new LogFilter(null, ListArticles.Time(query.From, "from", endOfDay: false), ListArticles.Time(query.To, "to", endOfDay: true), query.User is null ? null : Guid.Parse(query.User), query.Action);
        return Read(filter, page, response, revisions, audit, cursors, ct);
    }

    /// <summary>A page of the log of one article, newest first; also of one that was deleted.</summary>
    /// <returns>200; 404.</returns>
    public static async Task<Page<LogEntry>> Of(Guid id, PageRequest page, HttpResponse response, RevisionStore revisions, AuditStore audit, Cursors cursors, CancellationToken ct)
    {
        var found = await Read(new LogFilter(id), page, response, revisions, audit, cursors, ct);
        return found.Items.Count > 0 || page.Cursor is not null ? found : throw Problem.NotFound("article");
    }

    private static async Task<Page<LogEntry>> Read(LogFilter filter, PageRequest page, HttpResponse response, RevisionStore revisions, AuditStore audit, Cursors cursors, CancellationToken ct)
    {
        if (page.Cursor is { } cursor) filter = filter with { After = cursor is ["log", var at, var key] ? (DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), key) : throw Cursors.Foreign() };
        var versions = filter.Action is null || filter.Revision is not null ? await revisions.History(filter, page.Limit + 1, ct) : [];
        var others = await audit.List(filter, page.Limit + 1, ct);
        var all = versions.Select(v => (Key: RevisionStore.Key(v.ArticleId, v.Version), Entry: View(v)))
            .Concat(others.Select(e => (Key: e.Id.ToString(), Entry: View(e))))
            .OrderByDescending(e => e.Entry.At).ThenByDescending(e => e.Key, StringComparer.Ordinal).Take(page.Limit + 1).ToArray();
        response.Headers.CacheControl = "private, no-cache";
        return page.Cut(all, cursors, e => ["log", e.Entry.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), e.Key], e => e.Entry);
    }

    private static LogEntry View(RevisionLine line) => new(line.At, new Person(line.By, line.ByName ?? ""), EnumNames<RevisionAction>.Of(line.Action),
        new LogSubject("article", line.ArticleId.ToString(), line.Title), line.Version, ReadRevisions.Note(line), null, Certain: true);

    internal static LogEntry View(AuditEntry entry) => new(entry.At, new Person(entry.By, entry.ByName), entry.Action, new LogSubject(entry.Subject.Kind, entry.Subject.Id, entry.Subject.Name),
        null, null, entry.Details.Count == 0 ? null : entry.Details, entry.Done);
}
