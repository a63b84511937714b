using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Comments.Counting;
using Platform.Comments.People;
using Platform.Comments.Reactions;
using Platform.ServiceDefaults;

namespace Platform.Comments.Privacy;

/// <summary>
/// Brings all addresses under the newest key: one walk through everything for each new key, page by page, and then whatever is found under an older one, as long as that is set. One replica at a time,
/// under a lease; after each page it is written down how far it has come. A page that is done again changes nothing more.
/// </summary>
public sealed partial class RenewAddresses(AddressKeyStore store, AddressKeys keys, Guests people, GuestStore guests, CommentStore comments, ThreadCounter counter, LeaseStore leases, TimeProvider clock, ILogger<RenewAddresses> logger)
    : BackgroundService
{
    private const string LeaseName = "addressKeys";
    private const int PageSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30), Wait = TimeSpan.FromSeconds(3), Retry = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(15), Tell = TimeSpan.FromSeconds(10);
    private static readonly Meter Meter = new(Telemetry.Name);
    private static readonly Counter<long> Renewed = Meter.CreateCounter<long>("platform.comments.addresses.renewed", "{document}", "Documents whose address was brought under the newest key.");
    private static readonly Counter<long> Unreadable = Meter.CreateCounter<long>("platform.comments.addresses.unreadable", "{document}", "Documents whose address none of the keys opens.");
    private static long _left;

    static RenewAddresses() => Meter.CreateObservableGauge("platform.comments.addresses.left", () => Interlocked.Read(ref _left), "{document}", "Documents that are still to be looked at before older keys can go; about.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.Checked.WaitAsync(stoppingToken);
        var (told, unreadable) = (false, 0L);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                if (await leases.TryHold(LeaseName, Lease, stoppingToken))
                {
                    if (await store.Find(keys.Newest.Id, stoppingToken) is { FinishedAt: null } renewal) unreadable = await Walk(renewal, stoppingToken);
                    var late = 0L;
                    foreach (var old in keys.Older) late += await Sweep(old.Id, stoppingToken);
                    if (keys.All.Count > 1 && unreadable == 0 && (!told || late > 0)) Log.MayGo(logger, keys.Newest.Id, string.Join(", ", keys.Older.Select(k => k.Id)));
                    told = true;
                }
                else pause = Wait;
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested) return;
                Log.Failed(logger, e);
                pause = Retry;
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    /// <summary>Another replica need not wait for the lease's end.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try { await leases.Release(LeaseName, cancellationToken); }
        catch (Exception e) when (StoreFailure.IsTransient(e) || e is OperationCanceledException) { }   // then it runs out
    }

    /// <returns>How many could not be opened.</returns>
    private async Task<long> Walk(Renewal renewal, CancellationToken ct)
    {
        var (unreadable, total, told) = (0L, await store.Count(ct), Stopwatch.GetTimestamp());
        while (renewal.FinishedAt is null)
        {
            if (!await leases.TryHold(LeaseName, Lease, ct)) return unreadable;
            var began = Stopwatch.GetTimestamp();
            var (count, last, closed) = renewal.Collection switch
            {
                0 => await Page(await store.BansAfter(renewal.After, PageSize, ct), Renew, ct),
                1 => await Page(await store.GuestsAfter(renewal.After, PageSize, ct), Renew, ct),
                _ => await Page(await store.CommentsAfter(renewal.After, PageSize, ct), Renew, ct),
            };
            unreadable += closed;
            renewal = renewal with { Done = renewal.Done + count, After = last };
            if (count < PageSize) renewal = renewal with { Collection = renewal.Collection + 1, After = Guid.Empty };
            if (renewal.Collection == AddressKeyStore.Collections.Count) renewal = renewal with { FinishedAt = clock.Now() };
            await store.Put(renewal, ct);
            Interlocked.Exchange(ref _left, renewal.FinishedAt is null ? Math.Max(1, total - renewal.Done) : 0);
            if (renewal.FinishedAt is null && Stopwatch.GetElapsedTime(told) > Tell)
            {
                Log.Progress(logger, keys.Newest.Id, renewal.Done, Math.Max(total, renewal.Done));
                told = Stopwatch.GetTimestamp();
            }
            // Readers and writers come first.
            await Task.Delay(Stopwatch.GetElapsedTime(began) / 2, ct);
        }
        if (renewal.Done > 0) Log.Finished(logger, keys.Newest.Id, renewal.Done);
        if (unreadable > 0) Log.Closed(logger, unreadable);
        return unreadable;
    }

    /// <summary>What was written under an older key behind the walk's back, by a replica that had not heard of the newest.</summary>
    private async Task<long> Sweep(string old, CancellationToken ct)
    {
        var swept = 0L;
        while (await leases.TryHold(LeaseName, Lease, ct))
        {
            var (bans, found, written) = (await store.BansUnder(old, PageSize, ct), await store.GuestsUnder(old, PageSize, ct), await store.CommentsUnder(old, PageSize, ct));
            if (bans.Count + found.Count + written.Count == 0) return swept;
            // What cannot be opened would be found for ever.
            if (await Renew(bans, ct) + await Renew(found, ct) + await Renew(written, ct) is var closed and > 0)
            {
                Log.Closed(logger, closed);
                return swept;
            }
            swept += bans.Count + found.Count + written.Count;
        }
        return swept;
    }

    private static async Task<(int Count, Guid Last, long Unreadable)> Page<T>(List<T> page, Func<IReadOnlyList<T>, CancellationToken, Task<long>> renew, CancellationToken ct) where T : IDocument =>
        page.Count == 0 ? (0, Guid.Empty, 0) : (page.Count, page[^1].Id, await renew(page, ct));

    private async Task<long> Renew(IReadOnlyList<Moderation.Ban> page, CancellationToken ct)
    {
        var (changed, closed) = Changed(page, people.Renew);
        foreach (var (before, after) in changed) await store.Put(before, after, ct);
        return Count(changed.Count, closed);
    }

    private async Task<long> Renew(IReadOnlyList<Guest> page, CancellationToken ct)
    {
        var (changed, closed) = Changed(page, people.Renew);
        foreach (var (before, after) in changed)
        {
            if (await store.Put(before, after, ct)) continue;
            // Two replicas met him at the same time, each under its own newest key; or he came back after an erasure. What both know is put together.
            await guests.Change([after.Author], null, g => g.Id == before.Id ? (g, []) : (g.With(before), []), ct);
            await store.Remove(before, ct);
        }
        return Count(changed.Count, closed);
    }

    private async Task<long> Renew(IReadOnlyList<Comment> page, CancellationToken ct)
    {
        var (changed, closed) = Changed(page, people.Renew);
        // What an older backup has brought back of somebody who had everything erased, is known by its old hash perhaps for the last time.
        var erased = (await guests.ErasedAmong([.. changed.SelectMany(c => new[] { c.Before.Author!, c.After.Author! })], ct)).ToDictionary(g => Convert.ToHexString(g.Author), g => g.ErasedAt!.Value);
        bool IsErased(Comment c) => erased.TryGetValue(Convert.ToHexString(c.Author!), out var at) && c.CreatedAt <= at;
        foreach (var (before, after) in changed)
            if (IsErased(before) || IsErased(after)) await CareForGuests.Delete(before, comments, counter, clock, ct);
        await store.Put([.. changed.Where(c => !IsErased(c.Before) && !IsErased(c.After))], ct);
        return Count(changed.Count, closed);
    }

    private static (List<(T Before, T After)> Changed, int Unreadable) Changed<T>(IReadOnlyList<T> page, Func<T, T?> renew) where T : class
    {
        var (changed, closed) = (new List<(T, T)>(), 0);
        foreach (var before in page)
        {
            if (renew(before) is not { } after) closed++;
            else if (!ReferenceEquals(after, before)) changed.Add((before, after));
        }
        return (changed, closed);
    }

    private static long Count(int renewed, long closed)
    {
        if (renewed > 0) Renewed.Add(renewed);
        if (closed > 0) Unreadable.Add(closed);
        return closed;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Bringing addresses under key {Key}: {Done} of about {Total} documents")]
        public static partial void Progress(ILogger logger, string key, long done, long total);

        [LoggerMessage(LogLevel.Information, "All addresses are under key {Key}: looked at {Done} documents")]
        public static partial void Finished(ILogger logger, string key, long done);

        [LoggerMessage(LogLevel.Information, "Nothing is left under an older key than {Key}: {Older} can be taken out of COMMENTS_ADDRESS_KEYS where every replica has the new one")]
        public static partial void MayGo(ILogger logger, string key, string older);

        [LoggerMessage(LogLevel.Error, "{Count} addresses are under no key that is set, and stay as they are: nobody gets mail at them, or sees them")]
        public static partial void Closed(ILogger logger, long count);

        [LoggerMessage(LogLevel.Warning, "Addresses could not be brought under the newest key now; trying again in a second")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
