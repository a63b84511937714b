using MassTransit;
using Platform.Comments.Moderation;

namespace Platform.Comments.Reactions;

/// <summary>Writes the moderation log. A line's id is its own, so that a message that comes twice is one line, and their order does not matter.</summary>
public sealed class KeepLog(LogStore log) : IConsumer<ActionTaken>
{
    public Task Consume(ConsumeContext<ActionTaken> context) => log.Keep(context.Message, context.CancellationToken);
}
