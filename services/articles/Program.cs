using Platform.Articles;
using Platform.Articles.Body;
using Platform.Articles.Exports;
using Platform.Articles.Imports;
using Platform.Articles.Media;
using Platform.Articles.Reactions;
using Platform.Articles.Search;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.DeadLetters;

await Defaults.Run(args, Build);

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults("articles");
    builder.AddStore("articles");
    builder.AddIdentity();
    builder.AddBus("articles", bus => bus.AddConsumer<CountComments>());
    builder.AddDeadLetters();
    builder.Services.AddOutbox([ArticleStore.Collection, CategoryStore.Collection, AuthorStore.Collection, MergeStore.Collection, ImportStore.Collection]).AddIdempotency();
    builder.Services.AddOpenApi(o => o.AddRules());

    builder.Services.AddSingleton<ArticleStore>().AddStoreInitialiser<ArticleStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<RevisionStore>().AddStoreInitialiser<RevisionStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<AuditStore>().AddStoreInitialiser<AuditStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<ArticleListStore>().AddStoreInitialiser<ArticleListStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<CategoryStore>().AddStoreInitialiser<CategoryStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<AuthorStore>().AddStoreInitialiser<AuthorStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<MergeStore>().AddStoreInitialiser<MergeStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<TagStore>().AddSingleton<Taxonomies>().AddSingleton<Announcements>();
    builder.Services.AddSingleton<BodyLinks>().AddSingleton<BodySanitiser>();
    builder.Services.AddSingleton<ArticleIntake>().AddSingleton<ArticleViews>().AddSingleton<ArticleChanges>().AddSingleton<Audit>().AddSingleton<Export>();
    builder.Services.AddMedia();
    builder.Services.AddHostedService<PublishDue>();
    builder.Services.AddImports(builder.Configuration);
    builder.Services.AddSearch();

    var app = builder.Build();
    app.UseServiceDefaults();
    app.MapOpenApi();
    app.MapArticles();
    app.MapDeadLetters("articles");
    return app;
}

public partial class Program;
