using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Identity;

/// <summary>One account per mailbox, however its address is spelled.</summary>
public sealed class EmailNormalizer : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => email is null ? null : EmailAddress.Normalise(email);

    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => NormalizeEmail(name);
}
