using MassTransit;
using Platform.Contracts;

namespace Platform.Comments.Reactions;

/// <summary>Keeps the copy of what the staff are called, by which guests are kept from passing for them. Each message carries the whole state and its version.</summary>
public sealed class KnowStaff(StaffNameStore names) : IConsumer<StaffNamed>
{
    public Task Consume(ConsumeContext<StaffNamed> context) =>
        names.Know(context.Message.StaffId, context.Message.Version, context.Message.Name, context.Message.Active, context.CancellationToken);
}
