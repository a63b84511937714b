using MassTransit;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Accounts;

/// <summary>
/// Tells the other services what the staff are called: everybody at start and some seconds after it (where all parts start together, those who listen may not be there yet), after every change, and every few minutes. Each message carries the whole state and its version,
/// so that repeats change nothing, and nothing need be remembered of what was told: a crash, an absent broker or a service that comes up later is made good by the next round.
/// </summary>
public sealed partial class StaffAnnouncer(StaffStore staff, IBusControl bus, ILogger<StaffAnnouncer> logger) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2), Interval = TimeSpan.FromMinutes(5), TryAgain = TimeSpan.FromSeconds(1), PublishTimeout = TimeSpan.FromSeconds(5);
    private const int PageSize = 100;
    private readonly Signal _changed = new();

    /// <summary>Somebody is new, or called otherwise, or may sign in no more. Never waits.</summary>
    public void Changed() => _changed.Raise();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = First; !stoppingToken.IsCancellationRequested;)
        {
            var told = false;
            try
            {
                if (bus.CheckHealth().Status == BusHealthStatus.Healthy)
                {
                    await TellAll(stoppingToken);
                    told = true;
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotNow(logger, e);
            }
            if (!told)
            {
                await Task.Delay(TryAgain, stoppingToken);
                continue;
            }
            await _changed.Wait(pause, stoppingToken);
            pause = pause * 3 < Interval ? pause * 3 : Interval;
        }
    }

    private async Task TellAll(CancellationToken ct)
    {
        for (Guid? after = null; ;)
        {
            var page = await staff.List(after, PageSize, ct);
            foreach (var member in page.Take(PageSize))
            {
                // After a broker is killed hard, a publish without a limit can hang for ever.
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(PublishTimeout);
                await bus.Publish(new StaffNamed { StaffId = member.Id, Version = member.Version, Name = member.Name, Active = member.Active }, limit.Token);
            }
            if (page.Count <= PageSize) return;
            after = page[PageSize - 1].Id;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not tell the names of the staff; trying again in a second")]
        public static partial void NotNow(ILogger logger, Exception exception);
    }
}
