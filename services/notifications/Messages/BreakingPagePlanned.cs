namespace Platform.Notifications.Messages;

/// <summary>As <see cref="PagePlanned"/>, for breaking news: on a queue of its own, which does not wait for other dispatches.</summary>
/// <remarks>The namespace and the names are wire format.</remarks>
public sealed record BreakingPagePlanned
{
    public required Guid DispatchId { get; init; }

    /// <summary>Counts from 0.</summary>
    public required int Page { get; init; }
}
