using MassTransit;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Caching;

/// <summary>What a message makes out of date. Hearing one twice, late or out of order costs a little work and changes nothing else.</summary>
public sealed class EvictChanged(Evictions evictions) :
    IConsumer<ArticlePublished>, IConsumer<ArticleUpdated>, IConsumer<ArticleCorrected>, IConsumer<ArticleWithdrawn>, IConsumer<TranslationsChanged>,
    IConsumer<CategoriesChanged>, IConsumer<AuthorsChanged>, IConsumer<TagsChanged>,
    IConsumer<CommentEdited>, IConsumer<CommentRemoved>, IConsumer<CommentReactionsCounted>, IConsumer<ThreadCounted>, IConsumer<ThreadOverridden>
{
    public Task Consume(ConsumeContext<ArticlePublished> context)
    {
        var m = context.Message;
        return evictions.Article(m.ArticleId, m.CategoryTree, m.Tags, m.Authors, m.Translations);
    }

    public Task Consume(ConsumeContext<ArticleUpdated> context)
    {
        var m = context.Message;
        return evictions.Article(m.ArticleId, [.. m.CategoryTree, .. m.CategoriesLeft], m.Tags, m.Authors);
    }

    public Task Consume(ConsumeContext<ArticleCorrected> context)
    {
        var m = context.Message;
        return evictions.Article(m.ArticleId, [.. m.CategoryTree, .. m.CategoriesLeft], m.Tags, m.Authors);
    }

    /// <summary>Lists and pages that show the article carry its own tag too, so parents of its categories are not forgotten.</summary>
    public Task Consume(ConsumeContext<ArticleWithdrawn> context) => evictions.Withdrawn(context.Message.ArticleId, context.Message.Categories);

    public Task Consume(ConsumeContext<TranslationsChanged> context) => evictions.Now([.. context.Message.Translations.Append(context.Message.ArticleId).Select(CacheTags.Article)]);

    public Task Consume(ConsumeContext<CategoriesChanged> context) => evictions.Now([CacheTags.Categories, .. Slugs(context.Message.Slug, context.Message.FormerSlugs).Select(CacheTags.Category)]);

    /// <summary>Names of authors and tags stand wherever those of categories do.</summary>
    public Task Consume(ConsumeContext<AuthorsChanged> context) => evictions.Now([CacheTags.Categories, .. Slugs(context.Message.Slug, context.Message.FormerSlugs).Select(CacheTags.Author)]);

    public Task Consume(ConsumeContext<TagsChanged> context) => evictions.Now([CacheTags.Categories, .. Slugs(context.Message.Into, context.Message.FormerTags).Select(CacheTags.Tag)]);

    public Task Consume(ConsumeContext<CommentEdited> context) => evictions.Soon(CacheTags.Article(context.Message.ArticleId));

    /// <summary>What shows a comment that a moderator has taken from readers is no reserve: with Comments down it would be back.</summary>
    public Task Consume(ConsumeContext<CommentRemoved> context) => evictions.Soon(CacheTags.Article(context.Message.ArticleId), gone: true);

    public Task Consume(ConsumeContext<CommentReactionsCounted> context) => evictions.Soon(CacheTags.Article(context.Message.ArticleId));

    /// <summary>Comes after every comment that is published, and is one message for many of them. Answers about the article show the new count at once; lists that don't carry its tag, when they are a minute old.</summary>
    public Task Consume(ConsumeContext<ThreadCounted> context) => evictions.Soon(CacheTags.Article(context.Message.ArticleId));

    /// <summary>At once: whoever has closed a thread looks whether it is.</summary>
    public Task Consume(ConsumeContext<ThreadOverridden> context) => evictions.Now(CacheTags.Article(context.Message.ArticleId));

    private static IEnumerable<string> Slugs(string current, IReadOnlyList<string>? former) => (former ?? []).Prepend(current);
}
