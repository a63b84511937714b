using Platform.Comments;
using Platform.Comments.Counting;
using Platform.Comments.Features;
using Platform.Comments.Live;
using Platform.Comments.Moderation;
using Platform.Comments.Moderation.Spam;
using Platform.Comments.People;
using Platform.Comments.Privacy;
using Platform.Comments.Reactions;
using Platform.Comments.Trials;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.DeadLetters;

await Defaults.Run(args, Build);

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults("comments");
    builder.AddStore("comments");
    builder.AddIdentity();
    builder.AddBus("comments", x => { x.AddConsumer<KnowArticles>(); x.AddConsumer<TakeImported>(); x.AddConsumer<KnowStaff>(); x.AddConsumer<KeepLog>(); x.AddConsumer<CareForGuests>(); x.AddConsumer<EraseThreads>(); x.AddConsumer<HearChanges>().ExcludeFromConfigureEndpoints(); }, HearChanges.Configure);
    builder.AddDeadLetters();
    builder.Services.AddOutbox([CommentStore.Comments, ThreadStore.Threads, SettingsStore.Settings, BanStore.Bans, TrialStore.Trials, GuestStore.Guests], typeof(ActionTaken), typeof(ProofNeeded), typeof(AddressProved), typeof(ErasureAsked), typeof(ReplySeen), typeof(ThreadErasureAsked)).AddIdempotency();
    builder.Services.AddOpenApi(o => o.AddRules());

    builder.Services.AddSingleton<CommentStore>().AddStoreInitialiser<CommentStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<ThreadStore>().AddStoreInitialiser<ThreadStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<TurnStore>().AddStoreInitialiser<TurnStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<SettingsStore>().AddStoreInitialiser<SettingsStore>((store, ct) => store.CreateDefaults(ct));
    builder.Services.AddSingleton<LikeStore>().AddStoreInitialiser<LikeStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<ReportStore>().AddStoreInitialiser<ReportStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<FloodStore>().AddStoreInitialiser<FloodStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<Readers>().AddSingleton<LikeCounter>().AddSingleton<ReportCounter>().AddSingleton(new ReportSettings(builder.Configuration));
    builder.Services.AddSingleton<BanStore>().AddStoreInitialiser<BanStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<LogStore>().AddStoreInitialiser<LogStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<ClaimStore>().AddStoreInitialiser<ClaimStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<SpamStore>().AddSingleton<SpamTrainer>().AddHostedService(p => p.GetRequiredService<SpamTrainer>());
    builder.Services.AddSingleton(new ScorerSettings(builder.Configuration)).AddSingleton<OutsideScorer>();
    builder.Services.AddSingleton<RecentTexts>().AddHostedService<OriginSweeper>();
    builder.Services.AddSingleton<StaffNameStore>();
    builder.Services.AddSingleton<TrialStore>().AddStoreInitialiser<TrialStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<TrialRunner>().AddHostedService(p => p.GetRequiredService<TrialRunner>());
    builder.Services.AddSingleton(new AddressKeys(builder.Configuration)).AddSingleton<AddressKeyStore>().AddStoreInitialiser<AddressKeyStore>((store, ct) => store.Check(ct)).AddHostedService<RenewAddresses>();
    builder.Services.AddSingleton<Guests>().AddSingleton(new ImportSeal(builder.Configuration)).AddSingleton<Moderator>();
    builder.Services.AddSingleton<ThreadCounter>().AddHostedService(p => p.GetRequiredService<ThreadCounter>());
    builder.Services.AddHostedService<CountSweeper>();
    builder.Services.AddSingleton<GuestStore>().AddStoreInitialiser<GuestStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<GuestTokens>().AddSingleton(new GuestSeal(builder.Configuration)).AddHostedService<TellOfReplies>();
    builder.Services.AddSingleton(new LiveSettings(builder.Configuration)).AddSingleton<LiveHub>().AddHostedService(p => p.GetRequiredService<LiveHub>());

    var app = builder.Build();
    app.UseServiceDefaults();
    app.MapOpenApi();
    app.MapComments();
    app.MapDeadLetters("comments");
    return app;
}

public partial class Program;
