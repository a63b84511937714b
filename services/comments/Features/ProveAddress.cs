using Microsoft.AspNetCore.Mvc;
using Platform.Comments.People;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A guest proves that an e-mail address is his, by the link in a mail; and then has what he wrote under it in his hand.</summary>
public static class ProveAddress
{
    /// <summary>What proving gave, for a day.</summary>
    public const string TokenHeader = "X-Guest-Token";

    public sealed record ProofRequest(string Token);

    /// <param name="GuestToken">Send it as X-Guest-Token to read, or to erase, all that was written under the address.</param>
    public sealed record Proof(string GuestToken);

    /// <summary>A comment as its author has it.</summary>
    public sealed record OwnComment : CommentView
    {
        public OwnComment(Comment comment, DateTimeOffset now) : base(comment) => (Former, NotifyReplies, Network) = (comment.Former, comment.NotifyReplies, comment.Origin?.Shown(now));

        /// <summary>What it said before, oldest first.</summary>
        public IReadOnlyList<FormerText> Former { get; }

        /// <summary>Whether mail about replies was asked for.</summary>
        public bool NotifyReplies { get; }

        /// <summary>The network that it was written from (CIDR: /24 of IPv4, /48 of IPv6), for 30 days; else null.</summary>
        public string? Network { get; }
    }

    /// <summary>Proves it. What waited for that alone is published a moment later, and what comes from now on does not wait for it.</summary>
    /// <returns>200; again 200; 410 <c>proof.over</c> for a link that is old, or none of ours, or whose owner has had everything erased.</returns>
    public static async Task<Proof> Prove(ProofRequest request, GuestTokens tokens, GuestStore guests, TimeProvider clock, CancellationToken ct)
    {
        var over = Problem.Gone("proof.over", "The link is not good any more; comment again to get another one.");
        var id = tokens.ReadProof(request.Token) ?? throw over;
        var guest = await guests.Change(id, g => g.IsProved || g.Email is null ? (g, []) : (g.Prove(clock.Now()), [new AddressProved(id)]), ct);
        return guest is { IsProved: true } ? new(tokens.Own(id)) : throw over;
    }

    /// <summary>Everything that was written under the address, whatever its status.</summary>
    /// <returns>200; 401 without a good token.</returns>
    public static async Task<Page<OwnComment>> Export([FromHeader(Name = TokenHeader)] string? token, PageRequest page, GuestTokens tokens, GuestStore guests, Guests people, CommentStore comments, Cursors cursors, TimeProvider clock, CancellationToken ct)
    {
        var guest = await Holder(token, tokens, guests, ct);
        var after = page.Cursor switch { null => Guid.Empty, ["own", var id] => Guid.Parse(id), _ => throw Cursors.Foreign() };
        return page.Cut(await comments.OfAuthorAfter(people.Authors(guest), after, page.Limit + 1, ct), cursors, c => ["own", c.Id.ToString()], c => new OwnComment(c, clock.Now()));
    }

    /// <summary>Erases everything that was written under the address until now; it begins at once. What is left is a keyed hash, so that it stays erased where an older backup is restored.</summary>
    /// <returns>202; 401 without a good token.</returns>
    public static async Task<IResult> Erase([FromHeader(Name = TokenHeader)] string? token, GuestTokens tokens, GuestStore guests, Guests people, TimeProvider clock, CancellationToken ct)
    {
        var holder = await Holder(token, tokens, guests, ct);
        await guests.Change(holder.Id, g => (g.Erase(people.Authors(g), clock.Now()), [new ErasureAsked(g.Id)]), ct);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    /// <summary>Ends mails about replies (RFC 8058).</summary>
    /// <returns>200, again 200; 404 for what is no such link.</returns>
    public static async Task<IResult> RepliesOff(string token, GuestTokens tokens, GuestStore guests, CancellationToken ct)
    {
        var id = tokens.ReadOff(token) ?? throw Problem.NotFound("link");
        await guests.Change(id, g => g.RepliesOff ? (g, []) : (g.TurnRepliesOff(), []), ct);
        return TypedResults.Ok();
    }

    private static async Task<Guest> Holder(string? token, GuestTokens tokens, GuestStore guests, CancellationToken ct) =>
        tokens.ReadOwn(token) is { } id && await guests.Find(id, ct) is { IsProved: true } guest ? guest : throw Problem.Unauthenticated("guest.token", "Prove the address by the link in the mail.");
}
