namespace Platform.Notifications;

/// <summary>
/// All keywords that confirmed subscribers have chosen, in this process's memory, by language; about 200 bytes each. It is brought up to date from the store whenever an
/// article is matched, so that a subscription confirmed a moment before counts. A keyword that nobody has any more stays until the index is read anew, and finds nobody.
/// </summary>
public sealed class KeywordIndex(SubscriptionStore subscriptions, TimeProvider clock)
{
    /// <summary>Read again each time: other processes' clocks differ a little, and their writes take a little.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    /// <summary>How often all is read anew.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(24);

    private readonly SemaphoreSlim _one = new(1);
    private Dictionary<string, Keywords> _byLanguage = new(StringComparer.Ordinal);
    private DateTimeOffset _readAt, _newest;

    /// <summary>The keys of the keywords that the article holds and somebody has chosen.</summary>
    /// <param name="texts">Title, summary, text; null ones count for nothing.</param>
    public async Task<IReadOnlyList<string>> Match(string language, IEnumerable<string?> texts, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await Refresh(ct);
            return _byLanguage.TryGetValue(language, out var keywords) ? [.. keywords.In(texts).Select(phrase => Topics.KeyOfKeyword(language, phrase)).Order(StringComparer.Ordinal)] : [];
        }
        finally { _one.Release(); }
    }

    private async Task Refresh(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var anew = now - _readAt > Age;
        var (index, newest) = anew ? (new Dictionary<string, Keywords>(StringComparer.Ordinal), DateTimeOffset.MinValue) : (_byLanguage, _newest);
        await foreach (var (at, keys) in subscriptions.KeywordsSince(newest == DateTimeOffset.MinValue ? newest : newest - Overlap, ct))
        {
            if (at > newest) newest = at;
            foreach (var key in keys)
            {
                if (Topics.ReadKeyword(key) is not var (language, phrase)) continue;
                if (!index.TryGetValue(language, out var keywords)) index[language] = keywords = new();
                keywords.Add(phrase);
            }
        }
        (_byLanguage, _newest) = (index, newest);
        if (anew) _readAt = now;
    }
}
