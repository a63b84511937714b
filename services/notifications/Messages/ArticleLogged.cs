namespace Platform.Notifications.Messages;

/// <summary>The log of new articles has grown. Published by this service to all of its replicas, which have queues of their own for it, so that readers of live streams hear at once.</summary>
/// <remarks>Only hastens: replicas read the log itself. The namespace and the names are wire format.</remarks>
public sealed record ArticleLogged
{
    /// <summary>Of the newest entry.</summary>
    public required long Number { get; init; }
}
