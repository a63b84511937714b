using MassTransit;
using Platform.Contracts;
using Platform.Notifications.Live;
using Platform.Notifications.Messages;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Reactions;

/// <summary>Writes new articles into the log of the live streams, once each, and takes withdrawn ones out of it, in whatever order the messages come.</summary>
public sealed class LogArticles(LiveLogStore log, TimeProvider clock) : IConsumer<ArticlePublished>, IConsumer<ArticleWithdrawn>
{
    public async Task Consume(ConsumeContext<ArticlePublished> context)
    {
        if (context.Message.Imported) return;
        var number = await log.Append(LiveEntry.Of(context.Message, clock.Now()), context.CancellationToken);
        await context.Publish(new ArticleLogged { Number = number }, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ArticleWithdrawn> context)
    {
        var (article, ct) = (context.Message.ArticleId, context.CancellationToken);
        if (await log.Blank(article, ct)) return;
        await log.Append(LiveEntry.Withdrawn(article, clock.Now()), ct);
        await log.Blank(article, ct);   // published in between
    }
}
