using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>Only <see cref="Published"/> is ever seen by readers. <see cref="Deleted"/> is final and keeps no text and no address.</summary>
public enum CommentStatus { Published, Held, Rejected, Spam, Deleted }

/// <summary>Why a comment was held.</summary>
/// <param name="Rule">Name of the rule, as in <see cref="Moderation.ModerationRules"/>.</param>
/// <param name="Detail">What it found, for moderators.</param>
public sealed record Finding(string Rule, string Detail)
{
    /// <summary>Of the rule, when it found this.</summary>
    public int Version { get => Math.Max(1, field); init; } = 1;   // none was stored before rules had versions
}

/// <summary>The last word of a moderator.</summary>
public sealed record Decision(Guid By, DateTimeOffset At, string? Reason)
{
    /// <summary>What the decision before it had made of the comment; null where it is the first.</summary>
    public CommentStatus? Overruled { get; init; }
}

/// <summary>The network that a guest wrote from, for moderators, who may ban it; never the whole address.</summary>
/// <param name="Network">CIDR: /24 of IPv4, /48 of IPv6.</param>
/// <param name="Until">Then it is forgotten.</param>
public sealed record Origin(string Network, DateTimeOffset Until)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static Origin Of(System.Net.IPAddress from, DateTimeOffset now) =>
        new(Moderation.Ban.ReadPrefix(from + (from.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "/24" : "/48"))?.ToString() ?? "", now + Kept);

    /// <summary>The network, or null where there is none or it is to be forgotten.</summary>
    public string? Shown(DateTimeOffset now) => Network.Length > 0 && Until > now ? Network : null;
}

/// <summary>What undoing a trial brings back.</summary>
/// <param name="Trial">That changed it.</param>
/// <param name="From">What it was.</param>
/// <param name="Findings">That it had.</param>
/// <param name="Version">That it got: where it has another one, others have changed it since.</param>
public sealed record TrialMove(Guid Trial, CommentStatus From, IReadOnlyList<Finding> Findings, long Version);

/// <summary>Published direct replies, counted; the counter's alone to write (see <see cref="Counting.ThreadCounter"/>).</summary>
/// <param name="Version">Of the count: guards against a slower, older count.</param>
/// <param name="First">Ids of the oldest, at most <see cref="Shown"/>.</param>
public sealed record ReplyTally(long Version, long Count, IReadOnlyList<Guid> First)
{
    /// <summary>How many replies a list shows with a comment.</summary>
    public const int Shown = 3;

    public static readonly ReplyTally None = new(0, 0, []);
}

/// <summary>Readers who like it, counted; the counter's alone to write (see <see cref="Counting.LikeCounter"/>).</summary>
/// <param name="Version">Of the count: guards against a slower, older count.</param>
public sealed record LikeTally(long Version, long Count)
{
    private const int TimeBits = 43;

    /// <summary>Ranks below it have no likes, and are the time.</summary>
    public const long FirstLiked = 1L << TimeBits;

    public static readonly LikeTally None = new(0, 0);

    /// <summary>One number that orders by likes and then by time, so that one bound on one index walks the list: likes in the upper 20 bits (more count as 2^20 - 1), milliseconds since 1970 below (until 2248).</summary>
    public static long Rank(long likes, DateTimeOffset createdAt) => (Math.Min(likes, (1 << 20) - 1) << TimeBits) | Math.Clamp(createdAt.ToUnixTimeMilliseconds(), 0, (1L << TimeBits) - 1);
}

/// <summary>Reports since a moderator decided last.</summary>
/// <param name="Version">Of the count: guards against a slower, older count.</param>
public sealed record ReportTally(long Version, long Open)
{
    public static readonly ReportTally None = new(0, 0);
}

/// <summary>What a comment said until its author changed it.</summary>
/// <param name="Until">When it was changed.</param>
public sealed record FormerText(string Body, DateTimeOffset Until);

/// <summary>A reader's or a member of staff's comment: its state, and how that may change. Pure.</summary>
public sealed record Comment : IDocument, Privacy.IHoldsAddress
{
    public const int MaxBody = 5000, MaxName = 80;

    /// <summary>Replies stand under what they answer so deep, and each names all that is over it. Deeper ones stand beside what they answer: any depth costs the same.</summary>
    public const int MaxDepth = 32;

    /// <summary>So many former texts are kept: the first, and the latest.</summary>
    public const int MaxFormer = 20;

    public required Guid Id { get; init; }

    /// <summary>Raised by changes of text or status; counts do not raise it.</summary>
    public required long Version { get; init; }

    public required Guid ArticleId { get; init; }

    /// <summary>The comment that this one answers, or null at the top of the thread.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>What it is listed under: the parent (below <see cref="MaxDepth"/>, what that is listed under), or the article. One field, never null, so that one index serves both.</summary>
    public required Guid Under { get; init; }

    /// <summary>All comments over it, the nearest last: it is seen only where all of them are.</summary>
    public IReadOnlyList<Guid> Ancestors { get; init; } = [];

    /// <summary>Plain text of one line, see <see cref="PlainText"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Plain text with line breaks (\n).</summary>
    public required string Body { get; init; }

    public required CommentStatus Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>When anything but counts changed last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When readers could see it first, or again; null where they never could. The store sets it (see <see cref="Told"/>).</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When what readers see of it changed last; null where they never saw it. The store sets it.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    public required bool Staff { get; init; }

    /// <summary>The guest wants mail about replies.</summary>
    public bool NotifyReplies { get; init; }

    /// <summary>The guest's e-mail address, sealed; null for staff.</summary>
    public byte[]? Email { get; init; }

    /// <summary>Keyed hash of that address: who it is, without saying who. Null for staff.</summary>
    public byte[]? Author { get; init; }

    /// <inheritdoc cref="Privacy.IHoldsAddress.AddressKey"/>
    public string? AddressKey { get; init; }

    /// <summary>Where it was written from; null for staff, for what was imported, and after <see cref="Origin.Kept"/>.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Keyed hash of thread, author and text; unique, so that the same text comes once.</summary>
    public required byte[] RepeatKey { get; init; }

    public IReadOnlyList<Finding> Findings { get; init; } = [];
    public Decision? Decision { get; init; }

    /// <summary>A trial of settings has changed its status; null where none has, or that was undone.</summary>
    public TrialMove? Moved { get; init; }
    public ReplyTally Replies { get; init; } = ReplyTally.None;
    public LikeTally Likes { get; init; } = LikeTally.None;

    /// <summary>Place in <see cref="CommentSort.Top"/>; follows from likes and time, and is stored for the index.</summary>
    public long Rank { get => LikeTally.Rank(Likes.Count, CreatedAt); init => _ = value; }

    public ReportTally Reports { get; init; } = ReportTally.None;

    /// <summary>Oldest first; for moderators.</summary>
    public IReadOnlyList<FormerText> Former { get; init; } = [];

    /// <summary>Where a reply to this comment stands.</summary>
    public (Guid Under, IReadOnlyList<Guid> Ancestors) PlaceOfReply() => Ancestors.Count + 1 < MaxDepth ? (Id, [.. Ancestors, Id]) : (Under, Ancestors);

    public bool IsPublished => Status == CommentStatus.Published;

    /// <summary>With another text, judged anew.</summary>
    public Comment Edit(string body, byte[] repeatKey, Moderation.Judgement judgement, DateTimeOffset now) => this with
    {
        Version = Version + 1,
        Body = body,
        Former = Former.Count < MaxFormer ? [.. Former, new(Body, now)] : [Former[0], .. Former.Skip(2), new(Body, now)],
        RepeatKey = repeatKey,
        // What a moderator has refused stays so; what is held stays held.
        Status = IsPublished ? judgement.Status : Status,
        Findings = FindingsOfEdit(judgement),
        EditedAt = now,
        ChangedAt = now,
    };

    /// <summary>What holds it now. Of a held comment everything stays that a changed text does not answer: its name, reports, that it came again and again. Else an edit would be a way past these.</summary>
    private IReadOnlyList<Finding> FindingsOfEdit(Moderation.Judgement judgement) => judgement.Findings.Count == 0 ? Findings
        : IsPublished ? judgement.Findings
        : [.. judgement.Findings.Concat(Findings.Where(f => !Moderation.ModerationRules.AnsweredByEdits.Contains(f.Rule))).DistinctBy(f => f.Rule)];

    /// <summary>Taken back by its author: what he wrote and who he is are gone for good.</summary>
    public Comment Delete(DateTimeOffset now) => this with
    {
        Version = Version + 1,
        Status = CommentStatus.Deleted,
        Name = "",
        Body = "",
        NotifyReplies = false,
        Email = null,
        Author = null,
        AddressKey = null,
        Origin = null,
        RepeatKey = Id.ToByteArray(),
        Findings = [],
        Former = [],
        Reports = Reports with { Open = 0 },
        ChangedAt = now,
    };

    /// <summary>With a moderator's decision.</summary>
    public Comment Decide(CommentStatus status, Guid by, string? reason, DateTimeOffset now) => this with
    {
        Version = Version + 1,
        Status = status,
        Decision = new Decision(by, now, reason) { Overruled = Decision is null ? null : Status },
        Reports = Reports with { Open = 0 },
        ChangedAt = now,
    };

    /// <summary>Held only because nobody knows the guest yet: the proof of his address, too, lets it be seen.</summary>
    public bool WaitsForProof => Status == CommentStatus.Held && Findings.Count > 0 && Findings.All(f => f.Rule == "newCommenter");

    /// <summary>Its guest has proved his address: readers see it, unless something else holds it by now; then a moderator sees that, and proofs are over.</summary>
    /// <param name="judgement">Of <see cref="Moderation.ModerationRules.ForProved"/>.</param>
    public Comment Promote(Moderation.Judgement judgement, DateTimeOffset now) => judgement.Findings.Count == 0
        ? this with { Version = Version + 1, Status = CommentStatus.Published, ChangedAt = now }
        : this with { Version = Version + 1, Findings = [.. Findings, .. judgement.Findings], ChangedAt = now };

    /// <summary>Taken from readers until a moderator has looked at it.</summary>
    public Comment Hold(Finding why, DateTimeOffset now) => this with { Version = Version + 1, Status = CommentStatus.Held, Findings = [.. Findings, why], ChangedAt = now };

    /// <summary>Whether a moderator has let readers see this very text: reports alone do not take it from them again.</summary>
    public bool IsApproved => IsPublished && Decision is { } decision && !(EditedAt > decision.At);

    /// <summary>With the times at which readers saw a change of it, where this is one.</summary>
    /// <param name="before">Null where the comment is new.</param>
    public static Comment Told(Comment? before, Comment after) => after with
    {
        PublishedAt = after.IsPublished && before?.IsPublished != true ? after.ChangedAt : before?.PublishedAt,
        ToldAt = (before?.IsPublished ?? false) != after.IsPublished || (after.IsPublished && before?.Body != after.Body) ? after.ChangedAt : before?.ToldAt,
    };

    /// <summary>As settings that were tried and applied have it.</summary>
    /// <returns>Null where it is another comment by now than the one that was tried.</returns>
    public Comment? Move(Trials.TrialChange change, DateTimeOffset now) => Version != change.Version || Status != change.Was || Decision is not null ? null : this with
    {
        Version = Version + 1,
        Status = change.Would,
        Findings = change.Findings,
        Moved = new TrialMove(change.TrialId, Status, Findings, Version + 1),
        ChangedAt = now,
    };

    /// <summary>As it was before the trial was applied.</summary>
    /// <returns>Null where the trial has not changed it, or others have since.</returns>
    public Comment? MoveBack(Guid trial, DateTimeOffset now) => Moved is { } moved && moved.Trial == trial && moved.Version == Version
        ? this with { Version = Version + 1, Status = moved.From, Findings = moved.Findings, Moved = null, ChangedAt = now } : null;

    /// <exception cref="Problem">403 <c>comment.editWindowOver</c>.</exception>
    public void CheckEditWindow(int minutes, DateTimeOffset now)
    {
        if (now >= CreatedAt.AddMinutes(minutes)) throw Problem.Forbidden("comment.editWindowOver", "A comment can be changed for a short while only, and that is over.");
    }

    /// <summary>What a change gives Comments itself to do afterwards.</summary>
    /// <param name="before">Null where the comment is new.</param>
    public static IReadOnlyList<object> Work(Comment? before, Comment after) =>
    [
        .. before is null && after.Author is not null && (after.NotifyReplies || after.WaitsForProof) ? [new People.ProofNeeded(after.Id)] : Array.Empty<object>(),
        .. after.ParentId is not null && after.IsPublished && before?.IsPublished != true ? [new People.ReplySeen(after.Id)] : Array.Empty<object>(),
    ];

    /// <summary>Whether a new comment is told of without its outbox: nothing is heard of it but that it is published, which may be heard twice.</summary>
    public static bool MayBeToldAtOnce(Comment comment) => comment.IsPublished && Work(null, comment).Count == 0;

    /// <summary>What others hear of a change; nothing of what readers cannot see.</summary>
    /// <param name="before">Null where the comment is new.</param>
    public static IReadOnlyList<object> Events(Comment? before, Comment after) => after.Status == CommentStatus.Held && before?.Status != CommentStatus.Held
        ? [.. Shown(before, after), new CommentHeld { CommentId = after.Id, Version = after.Version, ArticleId = after.ArticleId, Rules = [.. after.Findings.Select(f => f.Rule).Distinct()], HeldAt = after.ChangedAt }]
        : Shown(before, after);

    private static IReadOnlyList<object> Shown(Comment? before, Comment after) => (before?.IsPublished ?? false, after.IsPublished) switch
    {
        (false, true) =>
        [
            new CommentPublished
            {
                CommentId = after.Id, Version = after.Version, ArticleId = after.ArticleId, ParentId = after.ParentId,
                Name = after.Name, Body = after.Body, Staff = after.Staff, CreatedAt = after.CreatedAt,
            },
        ],
        (true, false) => [new CommentRemoved { CommentId = after.Id, Version = after.Version, ArticleId = after.ArticleId, RemovedAt = after.ChangedAt }],
        (true, true) when before!.Body != after.Body =>
            [new CommentEdited { CommentId = after.Id, Version = after.Version, ArticleId = after.ArticleId, Body = after.Body, EditedAt = after.ChangedAt }],
        _ => [],
    };
}
