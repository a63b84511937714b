using System.Runtime.CompilerServices;
using Platform.Comments.Moderation;
using Platform.Comments.People;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A moderator does for somebody who asks for it what he could do himself by the link in a mail (<see cref="ProveAddress"/>): takes out, or erases, all that was written under an e-mail address.</summary>
/// <remarks>The address comes in the body, and goes into no log and no message.</remarks>
public static class AnswerPerson
{
    /// <param name="Email">In any spelling of it.</param>
    public sealed record PersonRequest(string? Email = null);

    /// <summary>All comments under the address as moderators see them, on whatever article and whatever their status, one JSON object a line (NDJSON), in the order of their ids. None where there are none.</summary>
    /// <remarks>Where it cannot go on, the connection breaks off: an answer that ends as it should is complete. That it was asked for is in the log of moderation before it begins.</remarks>
    /// <returns>200, streamed; 400.</returns>
    public static async Task Export(PersonRequest request, HttpContext http, CurrentUser user, GuestStore guests, Guests people, CommentStore comments, ReportStore reports, ClaimStore claims, LogStore log, TimeProvider clock, CancellationToken ct)
    {
        var authors = people.Authors(Address(request));
        var person = (await guests.Find(authors, ct))?.Id ?? people.Id(authors[0]);
        await log.Keep(ActionTaken.Of(user, ModerationAction.PersonExported, person, clock.Now()), ct);
        await CommentLines.Send(http.Response, $"comments-{person}.ndjson", Pages(ct), ct);

        async IAsyncEnumerable<IReadOnlyList<QueuedComment>> Pages([EnumeratorCancellation] CancellationToken token)
        {
            for (var after = Guid.Empty; await comments.OfAuthorAfter(authors, after, CommentLines.PageSize, token) is { Count: > 0 } page; after = page[^1].Id)
                yield return await ReviewQueue.View(page, reports, people, claims, clock, token);
        }
    }

    /// <summary>
    /// Erases everything that was written under the address until now, and what is known of whose it is; it begins at once. What is left is a keyed hash, so that it stays erased where an older backup is restored.
    /// A ban of the address stays until it is lifted.
    /// </summary>
    /// <returns>202, whether anything was written under it or not; 400.</returns>
    public static async Task<IResult> Erase(PersonRequest request, CurrentUser user, GuestStore guests, Guests people, LogStore log, PlatformSettings platform, TimeProvider clock, CancellationToken ct)
    {
        var (authors, now) = (people.Authors(Address(request)), clock.Now());
        var line = ActionTaken.Of(user, ModerationAction.PersonErased, Guid.Empty, now);
        var unknown = new Guest { Id = people.Id(authors[0]), Version = 0, Author = authors[0], Language = platform.Languages[0] };
        await guests.Change(authors, unknown, g => (g.Erase(authors, now), [new ErasureAsked(g.Id), line = line with { Subject = g.Id }]), ct);
        await log.Hasten([line], ct);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private static string Address(PersonRequest request)
    {
        var errors = new FieldErrors();
        var email = errors.Email(request.Email);
        errors.ThrowIfAny();
        return email;
    }
}
