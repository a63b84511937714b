using Npgsql;

namespace Platform.LocalStore;

/// <summary>Once a minute forgets idle cursors and sessions, so that no state grows.</summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public Housekeeping(Engine engine, Cursors cursors) => _loop = Loop(engine, cursors);

    private async Task Loop(Engine engine, Cursors cursors)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                cursors.Expire();
                try
                {
                    await engine.Call(repeatable: true, OnceSql.Forget, _stop.Token);
                }
                catch (NpgsqlException)
                {
                    // The engine is down: it is tried again in a minute.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }
}
