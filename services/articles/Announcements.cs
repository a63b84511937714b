using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>What the world is told of a change (<see cref="ArticleMessages"/>), under the names of the moment.</summary>
public sealed class Announcements(ArticleStore articles, Taxonomies taxonomies, PlatformSettings settings)
{
    /// <summary>The messages that go with the write of <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<object>> Of(Article before, Article after, CancellationToken ct)
    {
        if (before.Status != ArticleStatus.Published && after.Status != ArticleStatus.Published) return [];
        var taxonomy = await taxonomies.Of([before.Content, after.Content], ct);
        var appears = before.Status != after.Status;
        var siblings = appears && after.TranslationGroup is { } group ? await articles.Siblings(group, after.Id, ct) : [];
        return ArticleMessages.Between(before, after, taxonomy, siblings, settings);
    }
}
