namespace Platform.Contracts;

/// <summary>What a member of staff is called and whether he may sign in: told after every change, and of everybody again at each start and every few minutes.</summary>
/// <remarks>Never carries an address. The highest version holds, whatever order they come in.</remarks>
public sealed record StaffNamed
{
    public required Guid StaffId { get; init; }

    /// <summary>Of the member; a higher one replaces what is known.</summary>
    public required long Version { get; init; }

    /// <summary>As readers see it where staff comment; plain text, at most 80 characters.</summary>
    public required string Name { get; init; }

    public required bool Active { get; init; }
}
