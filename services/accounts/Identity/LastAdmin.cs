using Platform.ServiceDefaults;

namespace Platform.Accounts.Identity;

/// <summary>
/// The last active admin stays one. Two admins who demote each other at the same moment would pass a mere count,
/// so such changes take turns: in this process by a gate, between replicas by a lease far longer than the change.
/// </summary>
public sealed class LastAdmin(StaffStore staff, LeaseStore leases)
{
    private const string Lease = "admins";
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromSeconds(1.5), Poll = TimeSpan.FromMilliseconds(50);
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Makes the change if an active admin beside this member remains.</summary>
    /// <exception cref="Problem">422 <c>staff.lastAdmin</c>; 503 when another replica is busy with the same.</exception>
    public async Task<bool> WhileAnotherRemains(Guid memberId, Func<Task<bool>> change, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            for (var waited = TimeSpan.Zero; !await leases.TryHold(Lease, Duration, ct); waited += Poll)
            {
                if (waited > Patience) throw Problem.Unavailable("staff.busy", "Another change of admins is under way; try again shortly.");
                await Task.Delay(Poll, ct);
            }
            try
            {
                if (!await staff.AnotherAdmin(memberId, ct)) throw Problem.Rule("staff.lastAdmin", "The last active admin can't be deactivated or lose the role.");
                return await change();
            }
            finally
            {
                await leases.Release(Lease, CancellationToken.None);
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
