using System.Net;
using System.Text;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>The comment form: what a guest wrote, and what is wrong with it.</summary>
/// <param name="Errors">Name of the wording, by field (<c>name</c>, <c>email</c>, <c>body</c>).</param>
/// <param name="Alert">Name of the wording over the form, or null.</param>
public sealed record CommentForm(string Name, string Email, string Body, Guid? ParentId, bool NotifyReplies, IReadOnlyDictionary<string, string> Errors, string? Alert)
{
    private const int MaxName = 80, MaxBody = 5000;
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static CommentForm Empty(Guid? parentId) => new("", "", "", parentId, false, None, null);

    /// <summary>Reads the form and checks what can be checked here; browsers send line breaks as CR LF.</summary>
    public static CommentForm Read(IFormCollection form)
    {
        var read = new CommentForm(Field(form, "name"), Field(form, "email"), Field(form, "body"), Guid.TryParse(form["parentId"], out var parent) ? parent : null, form["notifyReplies"].Count > 0, None, null);
        var errors = new Dictionary<string, string>();
        if (read.Name.Length == 0) errors["name"] = "NameMissing";
        else if (read.Name.EnumerateRunes().Count() > MaxName) errors["name"] = "NameTooLong";
        if (read.Email.Length == 0) errors["email"] = "EmailMissing";
        else if (!EmailAddress.IsValid(read.Email)) errors["email"] = "EmailWrong";
        if (read.Body.Length == 0) errors["body"] = "BodyMissing";
        else if (read.Body.EnumerateRunes().Count() > MaxBody) errors["body"] = "BodyTooLong";
        return read.With(errors);
    }

    /// <summary>The same text with what Comments says is wrong with it.</summary>
    public CommentForm Refused(HttpStatusCode status, UpstreamProblem? problem) => (status, problem?.Code) switch
    {
        (_, "thread.closed") => this with { Alert = "CommentClosedNow" },
        (_, "comment.bannedWord") => With(new Dictionary<string, string> { ["body"] = "BodyBannedWord" }),
        (_, "comment.nameTaken") => With(new Dictionary<string, string> { ["name"] = "NameTaken" }),
        (_, "comment.parentUnknown" or "comment.tooDeep") => this with { ParentId = null, Alert = "CommentParentGone" },
        (_, "comment.repeat") => this with { Alert = "CommentRepeat" },
        (HttpStatusCode.Forbidden, _) => this with { Alert = "CommentBanned" },
        (HttpStatusCode.TooManyRequests, _) => this with { Alert = "CommentTooSoon" },
        (HttpStatusCode.NotFound, _) => this with { Alert = "CommentNotYet" },
        (_, _) when problem?.Errors?.Keys.Where(f => f is "name" or "email" or "body").ToArray() is { Length: > 0 } fields =>
            With(fields.ToDictionary(f => f, f => f == "email" ? "EmailWrong" : "FieldWrong")),
        _ => this with { Alert = "CommentLost" },
    };

    private CommentForm With(Dictionary<string, string> errors) => this with { Errors = errors, Alert = errors.Count > 0 ? "CommentRefused" : null };

    private static string Field(IFormCollection form, string name) => form[name].ToString().ReplaceLineEndings("\n").Trim().Normalize(NormalizationForm.FormC);
}

/// <summary>The comments under an article.</summary>
/// <param name="Path">Of the article's page.</param>
/// <param name="List">What Comments answered: without a body where the thread is not open yet, null where it is down.</param>
/// <param name="Thread">The comment whose replies alone are listed, or null.</param>
/// <param name="Posted">What became of what was sent just now (<c>published</c>, <c>held</c>, <c>reported</c>, <c>unreported</c>), or null.</param>
/// <param name="Above">The comment that the one in <paramref name="Thread"/> answers, or null.</param>
/// <param name="Report">The comment that the form to report asks about, or null.</param>
public sealed record CommentsModel(Edition Edition, Guid ArticleId, string Path, bool Open, Answer<CommentList>? List, Comment? Thread, CommentForm Form, string? Posted, Comment? Above, Comment? Report)
{
    /// <summary>Published comments, replies too; null where not known.</summary>
    public int? Total => List is null ? null : List.Body?.Total ?? 0;

    /// <summary>A comment on this page.</summary>
    public Comment? Find(Guid id) => IsShown(id) ? Shown[id] : Above?.Id == id ? Above : null;

    /// <summary>Whether a link within the page leads to it.</summary>
    public bool IsShown(Guid id) => Shown.ContainsKey(id);

    private Dictionary<Guid, Comment> Shown => field ??= (List?.Body?.Items ?? []).SelectMany(All).Concat(Thread is null ? [] : [Thread]).DistinctBy(c => c.Id).ToDictionary(c => c.Id);

    private static IEnumerable<Comment> All(Comment comment) => (comment.Replies ?? []).SelectMany(All).Prepend(comment);

    /// <summary>Name of the guest whom the form answers, where the comment is on this page.</summary>
    public string? ReplyTo => Form.ParentId is { } id ? Find(id)?.Name : null;
}

/// <summary>One comment with its replies, as the page shows it.</summary>
/// <param name="Under">The comment that it stands under on the page, or null.</param>
/// <param name="Level">1 at the top; what is deeper than <see cref="Comments.Levels"/> stands flat under that.</param>
public sealed record ShownComment(CommentsModel Page, Comment Comment, Guid? Under, int Level = 1);
