using System.Text;
using Microsoft.AspNetCore.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Identity;

/// <summary>
/// ASP.NET Core Identity's view of the staff: UserManager hashes and checks passwords and codes, and counts failures; this keeps what it decides.
/// Failures are counted for one account from one address, known account or not, so that nobody locks the owner out from elsewhere.
/// </summary>
public sealed class StaffUserStore(StaffStore staff, AttemptStore attempts, IHttpContextAccessor http, PlatformSettings settings) :
    IUserPasswordStore<StaffMember>, IUserEmailStore<StaffMember>, IUserLockoutStore<StaffMember>, IUserTwoFactorStore<StaffMember>, IUserAuthenticatorKeyStore<StaffMember>
{
    private readonly byte[] _key = settings.Key("second-factor");

    public Task<string> GetUserIdAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());
    public Task<string?> GetUserNameAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);
    public Task SetUserNameAsync(StaffMember user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException("An account's name is its address.");
    public Task<string?> GetNormalizedUserNameAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);
    public Task SetNormalizedUserNameAsync(StaffMember user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task<string?> GetEmailAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);
    public Task SetEmailAsync(StaffMember user, string? email, CancellationToken cancellationToken) => throw new NotSupportedException("An account's address stays.");
    public Task<string?> GetNormalizedEmailAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);
    public Task SetNormalizedEmailAsync(StaffMember user, string? normalizedEmail, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task<bool> GetEmailConfirmedAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult(true);
    public Task SetEmailConfirmedAsync(StaffMember user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<StaffMember?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Guid.TryParse(userId, out var id) ? staff.Find(id, cancellationToken) : Task.FromResult<StaffMember?>(null);
    public Task<StaffMember?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => staff.FindByEmail(normalizedUserName, cancellationToken);
    public Task<StaffMember?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) => staff.FindByEmail(normalizedEmail, cancellationToken);

    public async Task<IdentityResult> CreateAsync(StaffMember user, CancellationToken cancellationToken) =>
        await staff.Insert(user, cancellationToken) ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().DuplicateEmail(user.Email));

    public async Task<IdentityResult> UpdateAsync(StaffMember user, CancellationToken cancellationToken)
    {
        if (!_changed.Remove(user.Id)) return IdentityResult.Success;   // UserManager updates after counting a failure too
        user.Version++;
        return await staff.Save(user, cancellationToken) ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
    }

    public Task<IdentityResult> DeleteAsync(StaffMember user, CancellationToken cancellationToken) => throw new NotSupportedException("Members are deactivated, not deleted: articles name them.");

    public Task<string?> GetPasswordHashAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);
    public Task<bool> HasPasswordAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);
    public Task SetPasswordHashAsync(StaffMember user, string? passwordHash, CancellationToken cancellationToken) => Changed(user, u => u.PasswordHash = passwordHash);

    public Task<bool> GetTwoFactorEnabledAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult(user.SecondFactor);
    public Task SetTwoFactorEnabledAsync(StaffMember user, bool enabled, CancellationToken cancellationToken) =>
        Changed(user, u => { u.SecondFactor = enabled; if (!enabled) u.SecondFactorSecret = null; });
    public Task<string?> GetAuthenticatorKeyAsync(StaffMember user, CancellationToken cancellationToken) =>
        Task.FromResult(user.SecondFactorSecret is { } box ? Encoding.ASCII.GetString(SecretBox.Open(box, _key)) : null);
    public Task SetAuthenticatorKeyAsync(StaffMember user, string key, CancellationToken cancellationToken) =>
        Changed(user, u => u.SecondFactorSecret = SecretBox.Seal(Encoding.ASCII.GetBytes(key), _key));

    public Task<bool> GetLockoutEnabledAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult(true);
    public Task SetLockoutEnabledAsync(StaffMember user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task<int> GetAccessFailedCountAsync(StaffMember user, CancellationToken cancellationToken) => attempts.Failures(Subject(user), cancellationToken);
    public Task<int> IncrementAccessFailedCountAsync(StaffMember user, CancellationToken cancellationToken) => attempts.Fail(Subject(user), cancellationToken);
    public Task ResetAccessFailedCountAsync(StaffMember user, CancellationToken cancellationToken) => attempts.Forget(Subject(user), cancellationToken);
    public Task<DateTimeOffset?> GetLockoutEndDateAsync(StaffMember user, CancellationToken cancellationToken) => attempts.LockedUntil(Subject(user), cancellationToken);
    public Task SetLockoutEndDateAsync(StaffMember user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) =>
        lockoutEnd is { } until ? attempts.Lock(Subject(user), until, cancellationToken) : Task.CompletedTask;

    public void Dispose() { }

    private readonly HashSet<Guid> _changed = [];

    private Task Changed(StaffMember user, Action<StaffMember> change)
    {
        change(user);
        _changed.Add(user.Id);
        return Task.CompletedTask;
    }

    private string Subject(StaffMember user) =>
        $"sign-in:{user.Email}:{ClientAddress.Network(ClientAddress.Of(http.HttpContext ?? throw new InvalidOperationException("Failures are counted in requests only.")))}";
}
