using MassTransit;
using Platform.Contracts;

namespace Platform.Notifications.Reactions;

/// <summary>An update mails nobody, but mails that are not sent yet say what is true now.</summary>
public sealed class RememberArticle(KnownArticleStore articles) : IConsumer<ArticleUpdated>
{
    public Task Consume(ConsumeContext<ArticleUpdated> context) => articles.Remember(KnownArticle.From(context.Message), context.CancellationToken);
}
