namespace Platform.Accounts.Identity;

/// <summary>
/// Attempts at one account from one address are checked one after the other, so that a volley of guesses can't slip past the count of failures.
/// Replicas count in the same store but take turns each for itself: a volley over n of them gets at most n - 1 guesses more.
/// </summary>
public sealed class SignInTurns
{
    // Two subjects that share a gate wait for each other for the time of a password check.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<IDisposable> Take(string subject, CancellationToken ct)
    {
        var gate = _gates[(uint)StringComparer.Ordinal.GetHashCode(subject) % _gates.Length];
        await gate.WaitAsync(ct);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
