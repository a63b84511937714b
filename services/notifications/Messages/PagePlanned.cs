using Platform.Notifications.Channels;

namespace Platform.Notifications.Messages;

/// <summary>A page of a dispatch stands in the ledger and can be delivered. Sent by this service to itself; workers take pages in competition.</summary>
/// <remarks>Taken twice it does nothing more: each delivery is claimed before it is sent. The namespace and the names are wire format.</remarks>
public sealed record PagePlanned
{
    public required Guid DispatchId { get; init; }

    /// <summary>Counts from 0.</summary>
    public required int Page { get; init; }

    /// <summary>The messages that tell of a page: one for each channel that it goes by.</summary>
    /// <param name="channels">Of its rows.</param>
    public static IReadOnlyList<object> Of(Dispatch dispatch, int page, IEnumerable<Channel?> channels) => [.. channels.Distinct().Select(object (channel) => (channel, dispatch.Breaking) switch
    {
        (Channel.Push, _) => new PushPagePlanned { DispatchId = dispatch.Id, Page = page },
        (_, true) => new BreakingPagePlanned { DispatchId = dispatch.Id, Page = page },
        _ => new PagePlanned { DispatchId = dispatch.Id, Page = page },
    })];
}
