using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>The moderation settings: one document, read at most twice a second by each replica.</summary>
public sealed class SettingsStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(0.5);
    public const string Settings = "settings";
    private readonly DocumentStore<ModerationSettings> _settings = new(database, Settings, relay, clock);
    private volatile Recent? _recent;
    private volatile ModerationSettings? _known;

    /// <summary>Puts the defaults there, so that the first change has a version to build on.</summary>
    public async Task CreateDefaults(CancellationToken ct)
    {
        await _settings.CreateOutboxIndex(ct);
        await _settings.Insert(new ModerationSettings(), [], ct);
    }

    public async Task<ModerationSettings> Read(CancellationToken ct) => await _settings.Find(ModerationSettings.TheId, ct) ?? new ModerationSettings();

    /// <summary>As <see cref="Read"/>, but up to <see cref="Remembered"/> old.</summary>
    public async Task<ModerationSettings> ReadRecent(CancellationToken ct)
    {
        if (_recent is { } recent && System.Diagnostics.Stopwatch.GetElapsedTime(recent.At) < Remembered) return recent.Settings;
        var at = System.Diagnostics.Stopwatch.GetTimestamp();
        // What is unchanged keeps its word lists, which take some time to make.
        var known = _known;
        var settings = known is null ? await Read(ct)
            : await _settings.Collection.Find(s => s.Id == ModerationSettings.TheId && s.Version != known.Version).FirstOrDefaultAsync(ct) ?? known;
        _known = settings;
        return (_recent = new Recent(settings, at)).Settings;
    }

    /// <param name="action">For the moderation log; null where nobody did it.</param>
    /// <returns>False when they were changed since the version before <c>next.Version</c>.</returns>
    public async Task<bool> Save(ModerationSettings next, ActionTaken? action, CancellationToken ct)
    {
        var saved = await _settings.Save(next, action is null ? [] : [action], ct);
        _recent = null;
        return saved;
    }

    private sealed record Recent(ModerationSettings Settings, long At);
}
