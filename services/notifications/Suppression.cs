namespace Platform.Notifications;

/// <summary>An address that nothing is sent to any more, whoever subscribes it.</summary>
/// <param name="Reason"><see cref="Hard"/>, <see cref="Complaint"/> or <see cref="Soft"/> where a bounce brought it here; else an admin's words.</param>
public sealed record Suppression(Guid Id, string Address, string AddressKey, string Reason, DateTimeOffset CreatedAt)
{
    public const string Hard = "hard", Complaint = "complaint", Soft = "soft";
    public const int MaxReason = 200;
}

/// <summary>What a mail provider tells of an address.</summary>
public enum BounceType
{
    /// <summary>Nobody is there, and nobody will be.</summary>
    Hard,

    /// <summary>Not now: a full mailbox, a server that is away.</summary>
    Soft,

    /// <summary>The reader calls our mail unwanted.</summary>
    Complaint,
}

/// <summary>Something that came back for an address.</summary>
/// <param name="Id">Of the report, so that a repeat counts once.</param>
/// <param name="PurgeAt">When it goes by itself.</param>
public sealed record Bounce(string Id, string AddressKey, BounceType Type, DateTimeOffset At, DateTimeOffset PurgeAt)
{
    /// <summary>So many soft ones within so long are as good as a hard one.</summary>
    public const int TooManySoft = 5;

    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);
}
