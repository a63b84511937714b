using System.Text;
using MassTransit;
using Platform.Comments.Counting;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Comments.Reactions;

/// <summary>
/// Takes in comments that came with an imported article, as they were: with their dates and threads, past the moderation that the other site has done, and without telling anybody.
/// Ids follow from article and external id, and each comment names all that stand over it, so twice, late or in any order ends in the same state.
/// </summary>
public sealed class TakeImported(ThreadCounter counter, Guests guests, ImportSeal seal, TimeProvider clock) : IConsumer<CommentsImported>
{
    public async Task Consume(ConsumeContext<CommentsImported> context)
    {
        var now = clock.Now();
        Comment[] comments = [.. context.Message.Comments.Select(c => From(c, context.Message.ArticleId, now)).OfType<Comment>().DistinctBy(c => c.Id)];
        if (comments.Length > 0) await counter.InsertImported(context.Message.ArticleId, comments);
    }

    /// <summary>The id of an imported comment: a UUIDv7 with its article's time, whose other bits are a hash of both ids.</summary>
    public static Guid IdOf(Guid articleId, string externalId) =>
        HashedId.Of([.. articleId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(externalId)], HashedId.UnixMilliseconds(articleId));

    /// <returns>Null where nothing visible is left of it.</returns>
    private Comment? From(ImportedComment c, Guid articleId, DateTimeOffset now)
    {
        if (PlainText.Line(c.Name) is not { } name || PlainText.Lines(c.Body) is not { } body || !FieldErrors.IsWellFormed(name) || !FieldErrors.IsWellFormed(body)) return null;
        var id = IdOf(articleId, c.ExternalId);
        Guid[] ancestors = [.. c.Ancestors.Take(Comment.MaxDepth - 1).Select(a => IdOf(articleId, a))];
        var email = c.Email is { } box ? seal.Open(box) : null;
        return new Comment
        {
            Id = id,
            Version = 1,
            ArticleId = articleId,
            ParentId = ancestors is [.., var parent] ? parent : null,
            Under = ancestors is [.., var over] ? over : articleId,
            Ancestors = ancestors,
            Name = name,
            Body = body,
            Status = c.Approved ? CommentStatus.Published : CommentStatus.Held,
            CreatedAt = c.At,
            ChangedAt = now,
            Staff = false,
            Email = email is null ? null : guests.Seal(email),
            Author = email is null ? null : guests.Author(email),
            AddressKey = email is null ? null : guests.Key,
            // The same words twice were said twice there.
            RepeatKey = id.ToByteArray(),
            Findings = c.Approved ? [] : [new Finding("imported", "It waited for a moderator on the site that it comes from.")],
        };
    }
}
