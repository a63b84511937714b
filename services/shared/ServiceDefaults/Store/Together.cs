namespace Platform.ServiceDefaults;

/// <summary>Does things together that come while others are on their way (group commit). Nobody waits for company: where nothing is on its way, a thing is done at once.</summary>
/// <param name="most">So many things are done together.</param>
/// <param name="lanes">So many groups are on their way at once: another one where <see cref="Crowd"/> things wait, for a large group costs little more than a small one.</param>
/// <param name="run">Does them; names those of them, by their places, that failed while the others did not (null: none did). What it throws, all of them get.</param>
public sealed class Together<T>(int most, int lanes, Func<IReadOnlyList<T>, Task<IReadOnlyDictionary<int, Exception>?>> run)
{
    private const int Crowd = 8;

    private readonly Lock _gate = new();
    private readonly Queue<(T Thing, TaskCompletionSource Done)> _waiting = new();
    private int _lanes;

    /// <summary>Ends when the thing is done.</summary>
    public Task Add(T thing)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((thing, done));
            if (_lanes == 0 || (_lanes < lanes && _waiting.Count >= Crowd))
            {
                _lanes++;
                _ = Task.Run(Run, CancellationToken.None);
            }
        }
        return done.Task;
    }

    private async Task Run()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                if (await run([.. batch.Select(b => b.Thing)]) is { } failed)
                    foreach (var (index, exception) in failed) batch[index].Done.TrySetException(exception);
            }
            catch (Exception e)
            {
                foreach (var one in batch) one.Done.TrySetException(e);
            }
            foreach (var one in batch) one.Done.TrySetResult();
        }
    }

    /// <summary>What goes next; nothing ends the lane.</summary>
    private List<(T Thing, TaskCompletionSource Done)> Next()
    {
        lock (_gate)
        {
            var batch = new List<(T, TaskCompletionSource)>();
            while (batch.Count < most && _waiting.TryDequeue(out var next)) batch.Add(next);
            if (batch.Count == 0) _lanes--;
            return batch;
        }
    }
}
