using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Comments.People;

/// <summary>
/// Hands Notifications the mails about replies that are due, each with all that have gathered; one replica at a time, under a lease. Once in an hour, and at the start, what tombstones
/// stand for is deleted again, where a backup has brought it back.
/// </summary>
public sealed partial class TellOfReplies(GuestStore guests, CommentStore comments, ThreadStore threads, Guests people, GuestTokens tokens, GuestSeal seal, Counting.ThreadCounter counter,
    PlatformSettings platform, LeaseStore leases, TimeProvider clock, ILogger<TellOfReplies> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(15), EraseEvery = TimeSpan.FromHours(1);
    private const int Batch = 50, Named = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        DateTimeOffset? erased = null;
        do
        {
            try
            {
                if (!await leases.TryHold("guests", Lease, stoppingToken)) continue;
                foreach (var guest in await guests.RepliesDue(clock.Now(), Batch, stoppingToken)) await Tell(guest, stoppingToken);
                // A clock that was ahead, and is set right, puts nothing off.
                if (clock.Now() is var now && now >= erased && now - erased < EraseEvery) continue;
                await EraseAgain(stoppingToken);
                erased = clock.Now();
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested) return;
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Tell(Guest guest, CancellationToken ct)
    {
        var (names, titles, urls, count) = (new List<string>(), new List<string>(), new List<string>(), 0);
        foreach (var waiting in guest.Replies)
        {
            // What readers do not see any more, nobody is told of.
            if (await comments.FindSeen(waiting.CommentId, ct) is not { } reply || await threads.FindRecent(reply.ArticleId, ct) is not { IsVisible: true } thread) continue;
            if (++count > Named) continue;
            names.Add(reply.Name);
            titles.Add(thread.Article.Title);
            urls.Add($"{thread.Article.Url}?thread={reply.Id}#comment-{reply.Id}");
        }
        var (now, email) = (clock.Now(), people.Reveal(guest));
        if (email is null) Log.Closed(logger, guest.Id);
        await guests.Change(guest.Id, current => current.Version != guest.Version ? (current, []) : (guest.Told(now), count == 0 || email is null ? [] :
        [
            new CommentRepliesGathered
            {
                MailId = Guid.CreateVersion7(now),
                Address = seal.Seal(email),
                Off = seal.Seal(platform.Public("/replies/off/" + tokens.Off(guest.Id))),
                Language = guest.Language,
                Names = names,
                Titles = titles,
                Urls = urls,
                Count = count,
                RequestedAt = now,
            },
        ]), ct);
    }

    private async Task EraseAgain(CancellationToken ct)
    {
        for (Guest? last = null; await guests.Erased(last, Batch, ct) is { Count: > 0 } page; last = page[^1])
            foreach (var guest in page) await Reactions.CareForGuests.Erase(comments, counter, guest, guest.ErasedAt!.Value, clock, ct);
        for (Thread? last = null; await threads.Erased(last, Batch, ct) is { Count: > 0 } page; last = page[^1])
            foreach (var thread in page) await Reactions.EraseThreads.Erase(thread.Id, thread.ErasedAt!.Value, comments, counter, clock, ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The address of guest {GuestId} is under no key that is set: he is not told of replies")]
        public static partial void Closed(ILogger logger, Guid guestId);

        [LoggerMessage(LogLevel.Warning, "Could not look after guests; trying again in a second")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
