using MassTransit;
using Platform.Comments.Counting;
using Platform.Comments.People;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Comments.Reactions;

/// <summary>
/// Asks guests to prove their addresses, publishes what waited for that, erases what they want gone, and notes whom to tell of a reply.
/// Each reads what is true now and changes it by version: twice, late or in any order ends in the same state.
/// </summary>
public sealed class CareForGuests(CommentStore comments, ThreadStore threads, GuestStore guests, Guests people, GuestTokens tokens, GuestSeal seal, ThreadCounter counter, PlatformSettings platform, TimeProvider clock)
    : IConsumer<ProofNeeded>, IConsumer<AddressProved>, IConsumer<ErasureAsked>, IConsumer<ReplySeen>
{
    public async Task Consume(ConsumeContext<ProofNeeded> context)
    {
        var ct = context.CancellationToken;
        if (await comments.Find(context.Message.CommentId, ct) is not { Author: { } author, Email: { } email } comment || await threads.Find(comment.ArticleId, ct) is not { } thread) return;
        var (id, language, now) = (people.Id(author), thread.Article.Language, clock.Now());
        var guest = await guests.Change(id, new Guest { Id = id, Version = 0, Author = author, Language = language }, g => !g.MayBeAsked(now) ? (g, []) : (g.Ask(email, language, now),
        [
            new CommentProofRequested
            {
                MailId = Guid.CreateVersion7(now),
                Address = seal.Seal(people.Reveal(email)),
                Link = seal.Seal($"{platform.Public(language == platform.Languages[0] ? "/comments/proof" : $"/{language}/comments/proof")}?token={tokens.Proof(id)}"),
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
        if (await guests.Find(context.Message.GuestId, context.CancellationToken) is { ErasedAt: { } at } guest) await Erase(comments, counter, guest.Author, at, clock, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ReplySeen> context)
    {
        var ct = context.CancellationToken;
        if (await comments.Find(context.Message.CommentId, ct) is not { ParentId: { } parentId } reply || !await comments.IsSeen(reply, ct)) return;
        if (await comments.Find(parentId, ct) is not { NotifyReplies: true, Author: { } author } parent || reply.Author.AsSpan().SequenceEqual(author)) return;
        await guests.Change(people.Id(author), null, g => (g.Await(reply.Id, clock.Now()), []), ct);
    }

    /// <summary>Deletes what a guest wrote until a time.</summary>
    public static async Task Erase(CommentStore comments, ThreadCounter counter, byte[] author, DateTimeOffset until, TimeProvider clock, CancellationToken ct)
    {
        while (await comments.OfAuthorUntil(author, until, ct) is { Count: > 0 } written)
            foreach (var comment in written) await counter.Save(comment, comment.Delete(clock.Now()));
    }

    /// <summary>What waits for nothing but the proof is published.</summary>
    private async Task Promote(Guest guest, CancellationToken ct)
    {
        foreach (var held in await comments.OfAuthor(guest.Author, CommentStatus.Held, ct))
        {
            var comment = held;
            while (comment is { WaitsForProof: true } && !await counter.Save(comment, comment.Promote(clock.Now()))) comment = await comments.Find(comment.Id, ct);
        }
    }
}
