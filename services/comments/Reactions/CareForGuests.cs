using MassTransit;
using Platform.Comments.Counting;
using Platform.Comments.Moderation;
using Platform.Comments.People;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Comments.Reactions;

/// <summary>
/// Asks guests to prove their addresses, publishes what waited for that, erases what they want gone, and notes whom to tell of a reply.
/// Each reads what is true now and changes it by version: twice, late or in any order ends in the same state.
/// </summary>
public sealed partial class CareForGuests(CommentStore comments, ThreadStore threads, GuestStore guests, Guests people, GuestTokens tokens, GuestSeal seal, ThreadCounter counter, Moderator moderator, PlatformSettings platform, TimeProvider clock, ILogger<CareForGuests> logger)
    : IConsumer<ProofNeeded>, IConsumer<AddressProved>, IConsumer<ErasureAsked>, IConsumer<ReplySeen>
{
    public async Task Consume(ConsumeContext<ProofNeeded> context)
    {
        var ct = context.CancellationToken;
        if (await comments.Find(context.Message.CommentId, ct) is not { Email: not null } found || await threads.Find(found.ArticleId, ct) is not { } thread) return;
        if (people.Renew(found) is not { Author: { } author } comment || people.Reveal(found) is not { } email)
        {
            Log.Closed(logger, found.Id);   // trying again would not open it
            return;
        }
        var (language, now, fresh) = (thread.Article.Language, clock.Now(), people.Id(author));
        var guest = await guests.Change(people.Authors(email), new Guest { Id = fresh, Version = 0, Author = author, Language = language }, g => !g.MayBeAsked(now) ? (g, []) : (g.Ask(comment, language, now),
        [
            new CommentProofRequested
            {
                MailId = Guid.CreateVersion7(now),
                Address = seal.Seal(email),
                Link = seal.Seal($"{platform.Public(language == platform.Languages[0] ? "/comments/proof" : $"/{language}/comments/proof")}?token={tokens.Proof(g.Id)}"),
                Language = language,
                RequestedAt = now,
            },
        ]), ct);
        // He has proved it while this was on its way.
        if (guest is { IsProved: true }) await Promote(guest, ct);
    }

    public async Task Consume(ConsumeContext<AddressProved> context)
    {
        if (await guests.Find(context.Message.GuestId, context.CancellationToken) is { IsProved: true } guest) await Promote(guest, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ErasureAsked> context)
    {
        if (await guests.Find(context.Message.GuestId, context.CancellationToken) is { ErasedAt: { } at } guest) await Erase(comments, counter, guest, at, clock, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ReplySeen> context)
    {
        var ct = context.CancellationToken;
        if (await comments.Find(context.Message.CommentId, ct) is not { ParentId: { } parentId } reply || !await comments.IsSeen(reply, ct)) return;
        if (await comments.Find(parentId, ct) is not { NotifyReplies: true, Author: not null } parent) return;
        var authors = people.Authors(parent);
        if (authors.Any(a => reply.Author.AsSpan().SequenceEqual(a))) return;   // himself
        await guests.Change(authors, null, g => (g.Await(reply.Id, clock.Now()), []), ct);
    }

    /// <summary>Deletes what a guest wrote until a time.</summary>
    public static async Task Erase(CommentStore comments, ThreadCounter counter, Guest guest, DateTimeOffset until, TimeProvider clock, CancellationToken ct)
    {
        while (await comments.OfAuthorUntil([guest.Author, .. guest.Also], until, ct) is { Count: > 0 } written)
            foreach (var comment in written) await counter.Save(comment, comment.Delete(clock.Now()));
    }

    /// <summary>Deletes one comment of somebody who had everything erased, whatever happens to it meanwhile.</summary>
    public static async Task Delete(Comment comment, CommentStore comments, ThreadCounter counter, TimeProvider clock, CancellationToken ct)
    {
        for (var current = comment; current is not null and not { Status: CommentStatus.Deleted }; current = await comments.Find(comment.Id, ct))
            if (await counter.Save(current, current.Delete(clock.Now()))) return;
    }

    /// <summary>What waits for nothing but the proof is published, unless the rules have another reason by now.</summary>
    private async Task Promote(Guest guest, CancellationToken ct)
    {
        foreach (var held in await comments.OfAuthor(people.Authors(guest), CommentStatus.Held, ct))
        {
            for (var comment = held; comment is { WaitsForProof: true }; comment = await comments.Find(comment.Id, ct))
            {
                if (await threads.Find(comment.ArticleId, ct) is not { } thread || await counter.Save(comment, comment.Promote(await moderator.JudgeProved(comment, thread, ct), clock.Now()))) break;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The address of who wrote {CommentId} is under no key that is set: he is not asked to prove it")]
        public static partial void Closed(ILogger logger, Guid commentId);
    }
}
