using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>This process, as the ledger knows it. A process that starts again is another worker: what the one before had claimed, it has left.</summary>
public sealed class Worker
{
    /// <summary>How long a worker counts as alive after its last word.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>A claimed delivery is looked at after so long: if its worker is dead, it is uncertain.</summary>
    public static readonly TimeSpan Check = TimeSpan.FromSeconds(20);

    /// <summary>No mail takes so long; a claim of this age is lost even where its worker lives.</summary>
    public static readonly TimeSpan LongestClaim = TimeSpan.FromMinutes(15);

    public Guid Id { get; } = Guid.NewGuid();
}

/// <summary>Wakes the jobs of this process when there is something to do; what a crash or another replica left, they find by themselves.</summary>
public sealed class Signals
{
    public Signal Planning { get; } = new();
    public Signal Confirmations { get; } = new();
    public Signal Webhooks { get; } = new();
    public Signal Live { get; } = new();
    public Signal Dispatches { get; } = new();
    public Signal CommentMails { get; } = new();
}
