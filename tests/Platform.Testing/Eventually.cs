using System.Diagnostics;

namespace Platform.Testing;

/// <summary>Waits on a condition, never on a duration; a failure names what it waited for.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task True(Func<bool> condition, string what, TimeSpan? limit = null) => True(() => Task.FromResult(condition()), what, limit);

    public static Task True(Func<Task<bool>> condition, string what, TimeSpan? limit = null) => Get(async () => await condition() ? new object() : null, what, limit);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> Get<T>(Func<Task<T?>> find, string what, TimeSpan? limit = null) where T : class
    {
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < (limit ?? Limit))
        {
            try
            {
                if (await find() is { } found) return found;
                last = null;
            }
            catch (Exception e) { last = e; }
            await Task.Delay(20);
        }
        throw new TimeoutException($"Waited {watch.Elapsed.TotalSeconds:0} s in vain: {what}", last);
    }

    /// <summary>An assertion that must hold at last; its own failure is shown when it never does.</summary>
    public static Task Passes(Func<Task> assertion, string what, TimeSpan? limit = null) => Get<object>(async () => { await assertion(); return new object(); }, what, limit);
}
