using Platform.Comments.Moderation;
using Platform.Comments.Trials;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Moderators see what changed settings would have done to past comments, before they put them into force; and can take that back.</summary>
public static class TrySettings
{
    /// <summary>Trials that may be under way at once; a client that starts more is told to wait.</summary>
    private const int MostUnderWay = 10;

    /// <summary>Changes of one answer.</summary>
    private const int PageSize = 1000;

    /// <summary>Who applies or undoes need not ask again where it is done so soon.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5), Poll = TimeSpan.FromMilliseconds(40), Kept = TimeSpan.FromDays(30);

    public sealed record TrialStarted(Guid Id);

    /// <param name="Was">The comment's status.</param>
    /// <param name="Would">What it would be: <c>rejected</c> where it would not have been taken.</param>
    public sealed record TrialChangeView(Guid Id, CommentStatus Was, CommentStatus Would);

    /// <param name="Phase"><c>running</c>, then <c>done</c>; from there by apply <c>applying</c>, <c>applied</c>, and by undo <c>undoing</c>, <c>undone</c>.</param>
    /// <param name="Done">Of this phase: comments looked at, or changes made.</param>
    /// <param name="Total">About how many there are.</param>
    /// <param name="Changed">How many comments would change, as far as it has come.</param>
    /// <param name="Changes">The first 1,000 of them, or those behind the cursor; oldest comments first.</param>
    /// <param name="Next">Cursor of more, or null.</param>
    public sealed record TrialView(Guid Id, TrialPhase Phase, long Done, long Total, long Changed, IReadOnlyList<TrialChangeView> Changes, string? Next);

    /// <summary>Tries settings on the comments of the past days, against those in force. It finds what would change, and changes nothing.</summary>
    /// <param name="days">1 to 90 (default).</param>
    /// <returns>202 with its id; 400; 409 <c>trial.tooMany</c>.</returns>
    /// <remarks>
    /// What people have decided stays as it is, and so does what was written by the newsroom or is held by other rules. The time between comments
    /// is tried on what was taken then; what was refused nobody knows any more.
    /// </remarks>
    public static async Task<IResult> Start(EditSettings.SettingsBody request, int? days, NewId id, CurrentUser user, TrialStore trials, CommentStore comments, SettingsStore settings, LogStore log,
        TrialRunner runner, PlatformSettings platform, TimeProvider clock, CancellationToken ct)
    {
        var tried = EditSettings.Check(request);
        var length = days ?? Trial.MaxDays;
        if (length is < 1 or > Trial.MaxDays) throw Problem.Invalid("days", $"1 to {Trial.MaxDays}.");
        if ((await trials.UnderWay(MostUnderWay, ct)).Count == MostUnderWay) throw Problem.Conflict("trial.tooMany", "Other trials are under way; wait for them.");
        var now = clock.Now();
        var trial = new Trial
        {
            Id = id.Value,
            Version = 1,
            Phase = TrialPhase.Running,
            Settings = tried,
            Before = await settings.Read(ct),
            From = now.AddDays(-length),
            To = now,
            AfterAt = now.AddDays(-length),
            By = user.Id,
            ByName = user.Name,
            Total = await comments.CountBetween(Trial.Stages, now.AddDays(-length), now, ct),
            ExpiresAt = now + Kept,
        };
        var line = ActionTaken.Of(user, ModerationAction.TrialStarted, trial.Id, now) with { Changes = ModerationSettings.Changes(trial.Before, tried) };
        await trials.Insert(trial, line, ct);
        runner.Hurry();
        await log.Hasten([line], ct);
        return TypedResults.Accepted(platform.Public($"/api/moderation/settings/trial/{trial.Id}"), new TrialStarted(trial.Id));
    }

    /// <summary>How far it has come, and what would change.</summary>
    /// <returns>200; 404.</returns>
    public static async Task<TrialView> Get(Guid id, PageRequest page, TrialStore trials, Cursors cursors, CancellationToken ct) => await View(await Find(id, trials, ct), page, trials, cursors, ct);

    /// <summary>Puts the settings tried into force, and makes the changes; comments that have changed since, or were decided, are left as they are. A repeat changes nothing.</summary>
    /// <returns>200, or 202 while it is under way; 404; 409 <c>trial.settingsChanged</c>; 422 <c>trial.wrongPhase</c>.</returns>
    public static Task<IResult> Apply(Guid id, CurrentUser user, TrialStore trials, SettingsStore settings, LogStore log, TrialRunner runner, Cursors cursors, TimeProvider clock, CancellationToken ct) =>
        Begin(id, ModerationAction.TrialApplied, [TrialPhase.Applying, TrialPhase.Applied], async t => t.Apply(await settings.Read(ct)), user, trials, log, runner, cursors, clock, ct);

    /// <summary>Takes back what applying did: the settings, unless they were changed since, and every comment that nobody has touched since. A repeat changes nothing.</summary>
    /// <returns>200, or 202 while it is under way; 404; 422 <c>trial.wrongPhase</c>.</returns>
    public static Task<IResult> Undo(Guid id, CurrentUser user, TrialStore trials, LogStore log, TrialRunner runner, Cursors cursors, TimeProvider clock, CancellationToken ct) =>
        Begin(id, ModerationAction.TrialUndone, [TrialPhase.Undoing, TrialPhase.Undone], t => Task.FromResult(t.Undo()), user, trials, log, runner, cursors, clock, ct);

    private static async Task<IResult> Begin(Guid id, ModerationAction action, TrialPhase[] begun, Func<Trial, Task<Trial>> begin, CurrentUser user, TrialStore trials, LogStore log, TrialRunner runner,
        Cursors cursors, TimeProvider clock, CancellationToken ct)
    {
        var trial = await Find(id, trials, ct);
        while (!begun.Contains(trial.Phase))
        {
            var next = await begin(trial);
            var line = ActionTaken.Of(user, action, id, clock.Now()) with { Changes = ModerationSettings.Changes(trial.Before, trial.Settings) };
            if (await trials.Save(next, ct, line))
            {
                runner.Hurry();
                await log.Hasten([line], ct);
                trial = next;
            }
            else trial = await Find(id, trials, ct);
        }
        for (var waited = TimeSpan.Zero; trial.IsUnderWay && waited < Patience; waited += Poll)
        {
            await Task.Delay(Poll, ct);
            trial = await Find(id, trials, ct);
        }
        // It was given up where others have changed the settings in this very moment.
        if (!begun.Contains(trial.Phase)) throw Problem.Conflict("trial.settingsChanged", "The settings were changed since this trial began; try them again.");
        var view = await View(trial, new PageRequest(PageRequest.Default, null), trials, cursors, ct);
        return trial.IsUnderWay ? TypedResults.Accepted((string?)null, view) : TypedResults.Ok(view);
    }

    private static async Task<Trial> Find(Guid id, TrialStore trials, CancellationToken ct) => await trials.Find(id, ct) ?? throw Problem.NotFound("trial");

    private static async Task<TrialView> View(Trial trial, PageRequest page, TrialStore trials, Cursors cursors, CancellationToken ct)
    {
        var after = page.Cursor switch
        {
            null => Guid.Empty,
            ["trial", var of, var last] when of == trial.Id.ToString() => Guid.Parse(last),
            _ => throw Cursors.Foreign(),
        };
        var changes = await trials.Changes(trial.Id, after, PageSize + 1, ct);
        return new(trial.Id, trial.Phase, trial.Done, Math.Max(trial.Total, trial.Done), trial.Changed, [.. changes.Take(PageSize).Select(c => new TrialChangeView(c.CommentId, c.Was, c.Would))],
            changes.Count > PageSize ? cursors.Encode("trial", trial.Id.ToString(), changes[PageSize - 1].Id.ToString()) : null);
    }
}
