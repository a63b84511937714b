using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A moderator opens or closes one thread, against the rules.</summary>
public static class OverrideThread
{
    /// <param name="Open">True or false; null leaves it to the rules again.</param>
    public sealed record OverrideThreadRequest(bool? Open);

    /// <param name="Open">The override.</param>
    /// <param name="Accepting">Whether the thread takes comments now.</param>
    public sealed record ThreadState(Guid ArticleId, bool? Open, bool Accepting);

    /// <summary>Holds within a second.</summary>
    /// <returns>200; 404 no such published article.</returns>
    public static async Task<ThreadState> Handle(Guid articleId, OverrideThreadRequest request, CurrentUser user, ThreadStore threads, SettingsStore settings, LogStore log, TimeProvider clock, CancellationToken ct)
    {
        var action = request.Open switch { true => ModerationAction.ThreadOpened, false => ModerationAction.ThreadClosed, null => ModerationAction.ThreadLeftToRules };
        var line = ActionTaken.Of(user, action, articleId, clock.Now()) with { ArticleId = articleId };
        var thread = await threads.SetOverride(articleId, request.Open, line, ct) is { IsVisible: true } found ? found : throw Problem.NotFound("article");
        await log.Hasten([line], ct);
        return new(articleId, thread.Override, thread.IsOpen(await settings.ReadRecent(ct), clock.Now()));
    }
}
