using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>The moderation settings: one document, read at most twice a second by each replica.</summary>
public sealed class SettingsStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Settings = "settings";
    private readonly DocumentStore<ModerationSettings> _settings = new(database, Settings, relay, clock);
    private readonly Remembered<ModerationSettings> _recent = new(TimeSpan.FromSeconds(0.5));

    /// <summary>Puts the defaults there, so that the first change has a version to build on.</summary>
    public async Task CreateDefaults(CancellationToken ct)
    {
        await _settings.CreateOutboxIndex(ct);
        await _settings.Insert(new ModerationSettings(), [], ct);
    }

    public async Task<ModerationSettings> Read(CancellationToken ct) => await _settings.Find(ModerationSettings.TheId, ct) ?? new ModerationSettings();

    /// <summary>As <see cref="Read"/>, but up to half a second old.</summary>
    public Task<ModerationSettings> ReadRecent(CancellationToken ct) => _recent.Read(async known => known is null ? await Read(ct)
        // What is unchanged keeps its word lists, which take some time to make.
        : await _settings.Collection.Find(s => s.Id == ModerationSettings.TheId && s.Version != known.Version).FirstOrDefaultAsync(ct) ?? known);

    /// <param name="action">For the moderation log; null where nobody did it.</param>
    /// <returns>False when they were changed since the version before <c>next.Version</c>.</returns>
    public async Task<bool> Save(ModerationSettings next, ActionTaken? action, CancellationToken ct)
    {
        var saved = await _settings.Save(next, action is null ? [] : [action], ct);
        _recent.Forget();
        return saved;
    }
}
