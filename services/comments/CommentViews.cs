using System.Text.Json.Serialization;

namespace Platform.Comments;

/// <summary>A comment as the public contract shows it: nothing of it leads to its author.</summary>
/// <param name="Status"><c>published</c> or <c>held</c> for readers; moderators see <c>rejected</c> and <c>spam</c> too.</param>
/// <param name="ReplyCount">Published direct replies.</param>
/// <param name="Staff">Written by the newsroom.</param>
public record CommentView(Guid Id, long Version, Guid ArticleId, Guid? ParentId, string Name, string Body, CommentStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? EditedAt,
    long ReplyCount, ReactionsView Reactions, bool Staff)
{
    public CommentView(Comment c) : this(c.Id, c.Version, c.ArticleId, c.ParentId, c.Name, c.Body, c.Status, c.CreatedAt, c.EditedAt, c.Replies.Count, new ReactionsView(c.Likes.Count), c.Staff) { }
}

/// <summary>How many readers reacted.</summary>
public sealed record ReactionsView(long Like);

/// <summary>A comment in a list, with its first replies, oldest first.</summary>
public sealed record ListedComment : CommentView
{
    public ListedComment(Comment comment, IReadOnlyList<ReplyView> replies, string? moreReplies) : base(comment) => (Replies, MoreReplies) = (replies, moreReplies);

    /// <summary>At most three.</summary>
    public IReadOnlyList<ReplyView> Replies { get; }

    /// <summary>Cursor of the further replies (with <c>parent</c> this comment's id), or null.</summary>
    public string? MoreReplies { get; }
}

/// <summary>A reply in a list; where <c>depth</c> asks for them, with replies of its own.</summary>
public sealed record ReplyView : CommentView
{
    public ReplyView(Comment comment) : base(comment) { }

    /// <summary>Oldest first; absent where none are asked for. Of the last level all that stands under it, at whatever depth, each after what it answers (see <c>parentId</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReplyView>? Replies { get; init; }

    /// <summary>As of comments in the list; absent where there are no more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MoreReplies { get; init; }
}

/// <summary>A comment as its author gets it, this once.</summary>
public sealed record PostedComment : CommentView
{
    public PostedComment(Comment comment, string editToken) : base(comment) => EditToken = editToken;

    /// <summary>Send it as X-Edit-Token to change or delete the comment while that is possible.</summary>
    public string EditToken { get; }
}

/// <summary>A comment as moderators see it.</summary>
public sealed record QueuedComment : CommentView
{
    public QueuedComment(Comment comment, string? email, IReadOnlyList<ReportView> reports) : base(comment) => (Email, Findings, Reports, Former) = (email, comment.Findings, reports, comment.Former);

    /// <summary>Null for the newsroom's own and for deleted ones.</summary>
    public string? Email { get; }

    /// <summary>Newest first, at most 50; those before the last decision too.</summary>
    public IReadOnlyList<ReportView> Reports { get; }

    /// <summary>Why it was held.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The network that its author wrote from (CIDR: /24 of IPv4, /48 of IPv6), for 30 days; else null.</summary>
    public string? Network { get; init; }

    /// <summary>Which moderator has it before him, or null.</summary>
    public Features.ClaimComments.ClaimView? Claim { get; init; }

    /// <summary>What it said before its author changed it, oldest first.</summary>
    public IReadOnlyList<FormerText> Former { get; }
}

/// <summary>What a reader complained of.</summary>
public sealed record ReportView(ReportReason Reason, string? Note, DateTimeOffset At);
