using Microsoft.AspNetCore.Identity;

namespace Platform.Accounts.Identity;

/// <summary>Stands in where no account has the address: its password is checked like any other's, and is never right, so that a failure takes the same time for both.</summary>
public sealed class UnknownAccount
{
    private readonly string _hash;

    public UnknownAccount(IPasswordHasher<StaffMember> hasher) => _hash = hasher.HashPassword(For(""), Secret.New(""));

    public StaffMember For(string email) => new() { Id = Guid.Empty, Email = email, Name = "", Roles = [], Active = false, CreatedAt = default, PasswordHash = _hash };
}
