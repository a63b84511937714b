using Platform.ServiceDefaults;

namespace Platform.Web;

/// <param name="Body">Plain text of a guest: never shown but through <see cref="GuestText"/>.</param>
/// <param name="ReplyCount">Published direct replies.</param>
/// <param name="Replies">The first few of them, and of the last level all that is deeper; null where they are not listed here.</param>
/// <param name="MoreReplies">Cursor of the rest, or null.</param>
public sealed record Comment(Guid Id, Guid? ParentId, string Name, string Body, DateTimeOffset CreatedAt, DateTimeOffset? EditedAt, bool Staff, int ReplyCount, IReadOnlyList<Comment>? Replies, string? MoreReplies, string? Status, Reactions? Reactions = null);

/// <summary>How many readers reacted.</summary>
public sealed record Reactions(int Like);

/// <param name="Total">All published ones of the article, replies too.</param>
/// <param name="Open">Whether the thread takes comments; where Comments does not say, the article does.</param>
public sealed record CommentList(IReadOnlyList<Comment> Items, string? Next, int Total, bool? Open);

public sealed record NewComment(string Name, string Email, string Body, Guid? ParentId, bool? NotifyReplies = null);

/// <param name="GuestToken">Reads, or erases, what was written under the address.</param>
public sealed record Proof(string GuestToken);

/// <summary>A page of what a guest wrote, as Comments gives it to him.</summary>
public sealed record OwnComments(IReadOnlyList<System.Text.Json.JsonElement> Items, string? Next);

public sealed record NewReport(string Reason, string? Note);

/// <summary>The Comments service, as the public contract has it.</summary>
public sealed class Comments(IConfiguration configuration, TimeProvider clock) : IDisposable
{
    private readonly Upstream _reads = new("Comments", PlatformSettings.Absolute(configuration, "COMMENTS_URL"), TimeSpan.FromMilliseconds(700), clock);
    private readonly Upstream _writes = new("Comments", PlatformSettings.Absolute(configuration, "COMMENTS_URL"), TimeSpan.FromMilliseconds(1200), clock);

    /// <summary>So many levels of comments are shown in each other, and what is deeper flat under the last one.</summary>
    public const int Levels = 4;

    /// <param name="parent">Whose replies to list, oldest first; null lists the top-level comments, newest first.</param>
    /// <returns>200; 400 for a forged cursor; 404 where the article is not known yet.</returns>
    public Task<Answer<CommentList>> List(Guid articleId, Guid? parent, string? cursor, CancellationToken ct) =>
        _reads.Get($"api/articles/{articleId}/comments?sort={(parent is null ? "newest" : "oldest")}&depth={(parent is null ? Levels : Levels - 1)}{(parent is null ? "" : "&parent=" + parent)}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", UpstreamJson.Default.CommentList, ct);

    public Task<Answer<Comment>> Find(Guid id, CancellationToken ct) => _reads.Get($"api/comments/{id}", UpstreamJson.Default.Comment, ct);

    /// <summary>Posts for a guest, whose address is passed on as the gateway gave it.</summary>
    /// <param name="key">Idempotency-Key, or null where the reader's browser made none.</param>
    /// <returns>201; 400, 403, 404, 409, 422 or 429 with what is wrong.</returns>
    public Task<Answer<Comment>> Post(Guid articleId, NewComment comment, string? key, HttpContext reader, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"api/articles/{articleId}/comments") { Content = JsonContent.Create(comment, UpstreamJson.Default.NewComment) };
        request.ForwardAddress(reader);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return _writes.Send(request, UpstreamJson.Default.Comment, ct);
    }

    /// <summary>The reader likes it; who he is, Comments knows by its own cookie.</summary>
    /// <returns>200; 404.</returns>
    public Task<Answer<Reactions>> Like(Guid id, HttpContext reader, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"api/comments/{id}/reactions/like");
        request.ForwardReader(reader);
        return _writes.Send(request, UpstreamJson.Default.Reactions, ct);
    }

    /// <returns>202 without a body; 400, 404.</returns>
    public Task<Answer<Comment>> Report(Guid id, NewReport report, HttpContext reader, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"api/comments/{id}/reports") { Content = JsonContent.Create(report, UpstreamJson.Default.NewReport) };
        request.ForwardReader(reader);
        return _writes.Send<Comment>(request, null, ct);
    }

    /// <summary>Proves a guest's address by the token of a mail's link.</summary>
    /// <returns>200; 410 for an old link, or none.</returns>
    public Task<Answer<Proof>> Prove(string token, HttpContext reader, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/guests/proof") { Content = JsonContent.Create(new ConfirmRequest(token), UpstreamJson.Default.ConfirmRequest) };
        request.ForwardAddress(reader);
        return _writes.Send(request, UpstreamJson.Default.Proof, ct);
    }

    /// <summary>A page of all that was written under the address.</summary>
    public Task<Answer<OwnComments>> Own(string guestToken, string? cursor, CancellationToken ct) =>
        _writes.Send(Own(HttpMethod.Get, $"api/guests/me/comments?limit=100{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", guestToken), UpstreamJson.Default.OwnComments, ct);

    /// <returns>202; 401 for a token that nobody holds any more.</returns>
    public Task<Answer<Nothing>> Erase(string guestToken, CancellationToken ct) => _writes.Send<Nothing>(Own(HttpMethod.Delete, "api/guests/me", guestToken), null, ct);

    /// <returns>200, the second time too; 404 for a link that nobody was given.</returns>
    public Task<Answer<Nothing>> EndReplyMails(string token, CancellationToken ct) => _writes.Send<Nothing>(new HttpRequestMessage(HttpMethod.Post, $"replies/off/{Uri.EscapeDataString(token)}"), null, ct);

    private static HttpRequestMessage Own(HttpMethod method, string path, string guestToken)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("X-Guest-Token", guestToken);
        return request;
    }

    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
    }
}
