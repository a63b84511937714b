using System.Diagnostics;
using Lucene.Net.Search;
using Platform.ServiceDefaults;

namespace Platform.Articles.Search;

/// <summary>
/// Keeps this replica's index: opens or builds it, then follows the store by <see cref="Article.ChangedAt"/>. Each change is read again from a little before what was
/// read last, since replicas' clocks differ and writes may come late; what is in already is known by version and time. Once an hour all versions are compared.
/// The service is ready without it; searches are not (<see cref="Read"/>).
/// </summary>
public sealed partial class FollowArticles(ArticleChangeStore store, IndexContents contents, IndexSignal signal, IConfiguration configuration, ILogger<FollowArticles> logger) : BackgroundService
{
    private const int ChangeBatch = 500;

    /// <summary>How late a change may be seen at every look, and at every <see cref="WideEvery"/>: replicas' clocks differ by less.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(2), WideOverlap = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250), AtLeast = TimeSpan.FromMilliseconds(20), WideEvery = TimeSpan.FromSeconds(5), CommitAfter = TimeSpan.FromSeconds(5), CompareEvery = TimeSpan.FromHours(1);

    private readonly Dictionary<Guid, ArticleChange> _known = [];
    private volatile ArticleIndex? _serving;
    private volatile bool _broken;

    /// <summary>Whether there is a whole index to search.</summary>
    public bool IsServing => _serving is not null;

    /// <summary>Searches the index as it is now.</summary>
    /// <exception cref="Problem">503 <c>search.building</c> while there is none; one that is found broken is built anew.</exception>
    public T Read<T>(Func<IndexSearcher, T> read)
    {
        var index = _serving ?? throw Building();
        try
        {
            return index.Read(read);
        }
        catch (ObjectDisposedException)
        {
            throw Building();   // closed in this moment
        }
        catch (Exception e) when (e is IOException or IndexOutOfRangeException)
        {
            Log.Broken(logger, e, "use");
            _broken = true;
            throw Building();
        }
    }

    private static Problem Building() => new(503, "search.building", "The search index is being built; try again shortly.") { RetryAfter = TimeSpan.FromSeconds(5) };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var folder = IndexFolder.Take(configuration["PLATFORM_DATA"]);
        while (!stoppingToken.IsCancellationRequested)
        {
            ArticleIndex? index = null;
            try
            {
                index = ArticleIndex.Open(folder, out var reason);
                if (reason is not null) Log.New(logger, folder.Path, reason);
                if (index.Position is not { Building: null }) await Retry(() => contents.Build(index, stoppingToken), stoppingToken);
                _serving = index;
                await Follow(index, stoppingToken);
                Commit(index, Newest(index.Position!.ChangedAt));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                if (_serving is not null && !_broken) Commit(_serving, Newest(_serving.Position!.ChangedAt));
            }
            catch (Exception e) when (!StoreFailure.IsTransient(e))
            {
                Log.Broken(logger, e, folder.Path);
                _broken = true;
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            finally
            {
                _serving = null;
                _known.Clear();
                Close(index);
                if (_broken) folder.Clear();
                _broken = false;
            }
        }
    }

    private async Task Follow(ArticleIndex index, CancellationToken ct)
    {
        DateTimeOffset? start = null;
        var position = index.Position!.ChangedAt;
        long? wideAt = null, comparedAt = null;
        var (committedAt, dirty, away) = (Stopwatch.GetTimestamp(), false, false);
        while (!_broken)
        {
            try
            {
                // A store that was put back to an earlier state goes on from there, and so do we.
                if (start is null && (start = await store.Last(ct)) < position) position = start.Value;
                var wide = wideAt is null || Stopwatch.GetElapsedTime(wideAt.Value) > WideEvery;
                dirty |= await Catch(index, position - (wide ? WideOverlap : Overlap), ct);
                position = Newest(position);
                if (wide) wideAt = Stopwatch.GetTimestamp();
                if (wide) Forget(position - WideOverlap);
                if (comparedAt is null || Stopwatch.GetElapsedTime(comparedAt.Value) > CompareEvery)
                {
                    dirty |= await contents.Compare(index, ct);
                    comparedAt = Stopwatch.GetTimestamp();
                }
                if (dirty && Stopwatch.GetElapsedTime(committedAt) > CommitAfter)
                {
                    Commit(index, position);
                    (committedAt, dirty) = (Stopwatch.GetTimestamp(), false);
                }
                away = false;
            }
            catch (Exception e) when (StoreFailure.IsTransient(e) && !ct.IsCancellationRequested)
            {
                if (!away) Log.Away(logger, e);
                away = true;
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
            await Task.Delay(AtLeast, ct);      // many writes at once are one look
            await signal.Wait(Interval, ct);
        }
    }

    /// <summary>Takes over what changed since a time.</summary>
    /// <returns>Whether anything did.</returns>
    private async Task<bool> Catch(ArticleIndex index, DateTimeOffset since, CancellationToken ct)
    {
        var any = false;
        ArticleChange? behind = null;
        for (List<ArticleChange> changes; (changes = await store.Since(since, behind, ChangeBatch, ct)).Count > 0 && !_broken;)
        {
            behind = changes[^1];
            var fresh = changes.Where(c => !c.Equals(_known.GetValueOrDefault(c.Id))).ToList();
            if (fresh.Count > 0)
            {
                await contents.Take(index, [.. fresh.Select(c => c.Id)], ct);
                foreach (var change in fresh) _known[change.Id] = change;
                any = true;
            }
            if (changes.Count < ChangeBatch) break;
        }
        return any;
    }

    private DateTimeOffset Newest(DateTimeOffset position) => _known.Values.Select(c => c.ChangedAt).Append(position).Max();

    private void Forget(DateTimeOffset before)
    {
        foreach (var old in _known.Values.Where(c => c.ChangedAt < before).ToList()) _known.Remove(old.Id);
    }

    private async Task Retry(Func<Task> action, CancellationToken ct)
    {
        for (var away = false; ; away = true)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception e) when (StoreFailure.IsTransient(e) && !ct.IsCancellationRequested)
            {
                if (!away) Log.Away(logger, e);
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    private static void Commit(ArticleIndex index, DateTimeOffset position) => index.Commit(new(position, null));

    private static void Close(ArticleIndex? index)
    {
        try { index?.Dispose(); }
        catch (Exception e) when (e is IOException or InvalidOperationException) { }    // it is broken, or closed itself when it broke
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Building the search index in {Folder}: {Reason}")]
        public static partial void New(ILogger logger, string folder, string reason);

        [LoggerMessage(LogLevel.Warning, "Search index: the store is away; it follows again when it is back")]
        public static partial void Away(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "The search index in {Folder} is broken; it is built anew")]
        public static partial void Broken(ILogger logger, Exception exception, string folder);
    }
}
