using MassTransit;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Reactions;

/// <summary>
/// Readers are told of a new edition: a publish, or a correction that says so. One dispatch per article and edition, however often the message comes. What was imported is old news: it is remembered only.
/// A correction follows the readers of the editions before, and then goes to whoever matches and got none of them. An edition that comes after its correction is told by that one.
/// </summary>
public sealed class StartDispatch(KnownArticleStore articles, DispatchStore dispatches, KeywordIndex keywords, Worker worker, Signals signals, TimeProvider clock) : IConsumer<ArticlePublished>, IConsumer<ArticleCorrected>
{
    public async Task Consume(ConsumeContext<ArticlePublished> context)
    {
        var (m, ct) = (context.Message, context.CancellationToken);
        await articles.Remember(KnownArticle.From(m), ct);
        if (m.Imported || (await dispatches.FindEditions(m.ArticleId, ct)).Any(d => d.Edition >= m.Edition)) return;
        await Start(Dispatch.Of(m, worker.Id, clock.Now(), await keywords.Match(m.Language, [m.Title, m.Summary, m.Text], ct)), ct);
    }

    public async Task Consume(ConsumeContext<ArticleCorrected> context)
    {
        var (m, ct) = (context.Message, context.CancellationToken);
        await articles.Remember(KnownArticle.From(m), ct);
        if (!m.Notify || await dispatches.FindEditions(m.ArticleId, ct) is var editions && editions.Any(d => d.Edition >= m.Edition)) return;
        await Start(Dispatch.Of(m, worker.Id, clock.Now(), await keywords.Match(m.Language, [m.Title, m.Summary, m.Text], ct), [.. editions.Select(d => d.Id)]), ct);
    }

    private async Task Start(Dispatch dispatch, CancellationToken ct)
    {
        if (await dispatches.TryStart(dispatch, ct)) signals.Planning.Raise();
    }
}
