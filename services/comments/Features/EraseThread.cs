using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A moderator has everything erased that was written on one article: texts, names and addresses.</summary>
public static class EraseThread
{
    /// <summary>Erases all comments that were written until now, whatever their status; it begins at once, and what an older backup brings back is erased again. The thread stays as open as it is.</summary>
    /// <returns>202; 404 no such article. A withdrawn article's too can be erased.</returns>
    public static async Task<IResult> Handle(Guid articleId, CurrentUser user, ThreadStore threads, LogStore log, TimeProvider clock, CancellationToken ct)
    {
        var line = ActionTaken.Of(user, ModerationAction.ThreadErased, articleId, clock.Now()) with { ArticleId = articleId };
        if (await threads.SetErased(articleId, line.At, line, ct) is null) throw Problem.NotFound("article");
        await log.Hasten([line], ct);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
