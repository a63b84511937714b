namespace Platform.Notifications.Messages;

/// <summary>As <see cref="PagePlanned"/>, for what of the page goes by push: on a queue of its own, so that push services hold up no mail, and mail servers no push.</summary>
/// <remarks>The namespace and the names are wire format.</remarks>
public sealed record PushPagePlanned
{
    public required Guid DispatchId { get; init; }

    /// <summary>Counts from 0.</summary>
    public required int Page { get; init; }
}
