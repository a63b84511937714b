using Platform.Comments.Counting;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A guest, or a member of staff, comments on an article or answers a comment.</summary>
public static class PostComment
{
    /// <param name="Name">1 to 80 characters of one line; staff may leave it out.</param>
    /// <param name="Email">Shown to moderators only; staff may leave it out, theirs is not kept.</param>
    /// <param name="Body">Plain text of 1 to 5,000 characters (Unicode code points).</param>
    /// <param name="ParentId">The comment it answers, or null.</param>
    /// <param name="NotifyReplies">Whether the guest wants mail about replies.</param>
    public sealed record PostCommentRequest(string? Name = null, string? Email = null, string? Body = null, Guid? ParentId = null, bool? NotifyReplies = null);

    /// <summary>Comments; what the rules hold waits for a moderator.</summary>
    /// <returns>
    /// 201 with the comment and its edit token; 400 with errors; 403 <c>comment.banned</c>; 404 no such published article; 409 <c>thread.closed</c>, <c>comment.repeat</c>, <c>comment.nameTaken</c>;
    /// 422 <c>comment.bannedWord</c>, <c>comment.parentUnknown</c>; 429 <c>comment.tooSoon</c>.
    /// </returns>
    public static async Task<Versioned<PostedComment>> Handle(Guid articleId, PostCommentRequest request, NewId id, CurrentUser user, HttpContext http, ThreadStore threads, CommentStore comments,
        Moderator moderator, ThreadCounter counter, Guests guests, PlatformSettings platform, TimeProvider clock, CancellationToken ct)
    {
        var (name, email, body) = Read(request, user);
        var thread = await threads.FindRecent(articleId, ct) is { IsVisible: true } found ? found : throw Problem.NotFound("article");
        var parent = request.ParentId is { } parentId ? await FindParent(parentId, articleId, comments, ct) : null;
        var place = parent?.PlaceOfReply() ?? (articleId, []);
        var author = user.IsAnonymous ? guests.Author(email) : null;
        var now = clock.Now();
        var draft = new Comment
        {
            Id = id.Value,
            Version = 1,
            ArticleId = articleId,
            ParentId = parent?.Id,
            Under = place.Under,
            Ancestors = place.Ancestors,
            Name = name,
            Body = body,
            Status = CommentStatus.Held,
            CreatedAt = now,
            ChangedAt = now,
            Staff = !user.IsAnonymous,
            NotifyReplies = request.NotifyReplies ?? false,
            Email = author is null ? null : guests.Seal(email),
            Author = author,
            AddressKey = author is null ? null : guests.Key,
            Origin = author is null ? null : Origin.Of(ClientAddress.Of(http), now),
            RepeatKey = author is null ? guests.RepeatKey(articleId, user.Id, body) : guests.RepeatKey(articleId, email, body),
        };
        var judgement = await moderator.JudgeNew(draft, thread, ClientAddress.Of(http), ct);
        if (judgement.Refusal is { } refusal)
        {
            // The request may be run again, after a crash between its write and its answer: then the comment is there, and the rules see it.
            return await comments.Find(id.Value, ct) is { } there ? Posted(there) : throw refusal;
        }
        var comment = draft with { Status = judgement.Status, Findings = judgement.Findings };
        if (comment.IsPublished) http.Response.Changed(CacheTags.Article(articleId));
        return Posted(await counter.Insert(comment));

        Versioned<PostedComment> Posted(Comment c) => new(new PostedComment(c, guests.EditToken(c.Id)), c.Version, StatusCodes.Status201Created, platform.Public($"/api/comments/{c.Id}"));
    }

    private static (string Name, string Email, string Body) Read(PostCommentRequest request, CurrentUser user)
    {
        var errors = new FieldErrors();
        var name = PlainText.Line(request.Name) ?? (user.IsAnonymous ? null : PlainText.Line(user.Name));
        var read = (errors.Text(name, Comment.MaxName, "name"), user.IsAnonymous || request.Email is not null ? errors.Email(request.Email) : "",
            errors.Text(PlainText.Lines(request.Body), Comment.MaxBody, "body"));
        errors.ThrowIfAny();
        return read;
    }

    private static async Task<Comment> FindParent(Guid id, Guid articleId, CommentStore comments, CancellationToken ct)
    {
        if (await comments.FindSeen(id, ct) is not { } parent || parent.ArticleId != articleId) throw Problem.Rule("comment.parentUnknown", "The comment that this one answers is not there.");
        return parent;
    }
}
