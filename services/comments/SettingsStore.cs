using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>The moderation settings: one document, read at most twice a second by each replica.</summary>
public sealed class SettingsStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(0.5);
    private readonly DocumentStore<ModerationSettings> _settings = new(database, "settings", relay, clock);
    private volatile Recent? _recent;

    /// <summary>Puts the defaults there, so that the first change has a version to build on.</summary>
    public Task CreateDefaults(CancellationToken ct) => _settings.Insert(new ModerationSettings(), [], ct);

    public async Task<ModerationSettings> Read(CancellationToken ct) => await _settings.Find(ModerationSettings.TheId, ct) ?? new ModerationSettings();

    /// <summary>As <see cref="Read"/>, but up to <see cref="Remembered"/> old.</summary>
    public async Task<ModerationSettings> ReadRecent(CancellationToken ct)
    {
        if (_recent is { } recent && System.Diagnostics.Stopwatch.GetElapsedTime(recent.At) < Remembered) return recent.Settings;
        var at = System.Diagnostics.Stopwatch.GetTimestamp();
        return (_recent = new Recent(await Read(ct), at)).Settings;
    }

    /// <returns>False when they were changed since the version before <c>next.Version</c>.</returns>
    public async Task<bool> Save(ModerationSettings next, CancellationToken ct)
    {
        var saved = await _settings.Save(next, [], ct);
        _recent = null;
        return saved;
    }

    private sealed record Recent(ModerationSettings Settings, long At);
}
