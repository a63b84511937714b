using Platform.Articles.Features;
using Platform.ServiceDefaults;

namespace Platform.Articles.Search;

public static class SearchServices
{
    /// <summary>The index of published articles, what keeps it, and what asks it.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services.AddSingleton<ArticleChangeStore>().AddStoreInitialiser<ArticleChangeStore>((store, ct) => store.CreateIndexes(ct));
        services.AddSingleton<IndexContents>().AddSingleton<IndexSignal>().AddSingleton<FollowArticles>().AddHostedService(provider => provider.GetRequiredService<FollowArticles>());
        return services.AddSingleton<ArticleFinder>().AddSingleton<SearchArticles>().AddSingleton<NearestArticles>();
    }
}
