using MassTransit;
using Platform.Contracts;

namespace Platform.Comments.Live;

/// <summary>
/// Every replica hears of every change, through a queue of its own, and tells those who follow the thread here. A message only says which comment to look at: what is told is its state
/// in the store, so that late, repeated or shuffled messages tell nothing twice, nothing old, and nothing that readers may not see.
/// </summary>
public sealed partial class HearChanges(LiveHub hub, ThreadStore threads, ILogger<HearChanges> logger) : IConsumer<CommentPublished>, IConsumer<CommentEdited>, IConsumer<CommentRemoved>, IConsumer<ArticleWithdrawn>
{
    public Task Consume(ConsumeContext<CommentPublished> context) => Tell(context.Message.ArticleId, context.Message.CommentId, context.CancellationToken);

    public Task Consume(ConsumeContext<CommentEdited> context) => Tell(context.Message.ArticleId, context.Message.CommentId, context.CancellationToken);

    public Task Consume(ConsumeContext<CommentRemoved> context) => Tell(context.Message.ArticleId, context.Message.CommentId, context.CancellationToken);

    /// <summary>The store knows of it before the streams end, whichever queue is quicker: nobody can come in again, or in between.</summary>
    public async Task Consume(ConsumeContext<ArticleWithdrawn> context)
    {
        var m = context.Message;
        await threads.KnowWithdrawn(m.ArticleId, m.Version, m.WithdrawnAt, context.CancellationToken);
        hub.End(m.ArticleId);
    }

    private async Task Tell(Guid articleId, Guid commentId, CancellationToken ct)
    {
        if (hub.Find(articleId) is not { } thread) return;
        try
        {
            await thread.Tell(commentId, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            thread.IsBehind = true;
            Log.Missed(logger, e, commentId);
        }
    }

    /// <summary>This replica's own queue: it goes with the replica, and what was missed while it was away the store knows.</summary>
    public static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit) =>
        rabbit.ReceiveEndpoint("comments-live-" + Guid.NewGuid().ToString("N"), queue =>
        {
            queue.Durable = false;
            queue.AutoDelete = true;
            queue.QueueExpiration = TimeSpan.FromMinutes(1);   // goes when nobody has listened for so long, also where nobody ever did
            queue.PrefetchCount = 128;
            queue.DiscardFaultedMessages();
            queue.DiscardSkippedMessages();
            queue.ConnectReceiveEndpointObserver(new Missed(context.GetRequiredService<LiveHub>()));
            queue.ConfigureConsumer<HearChanges>(context);
        });

    /// <summary>The queue is there, perhaps anew: what was published before is not in it.</summary>
    private sealed class Missed(LiveHub hub) : IReceiveEndpointObserver
    {
        public Task Ready(ReceiveEndpointReady ready)
        {
            hub.MissedSomething();
            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not look at {CommentId} for those who follow its thread; they catch up in a second")]
        public static partial void Missed(ILogger logger, Exception exception, Guid commentId);
    }
}
