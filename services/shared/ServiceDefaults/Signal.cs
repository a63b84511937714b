namespace Platform.ServiceDefaults;

/// <summary>Says "there is work", any number of times, to one who waits. Only hastens: who waits looks by himself, too.</summary>
public class Signal
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        try { _raised.Release(); }
        catch (SemaphoreFullException) { }   // it is said already
    }

    /// <summary>Returns when it is raised, or after the time.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken ct) => _raised.WaitAsync(atMost, ct);
}
