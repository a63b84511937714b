using Platform.Notifications;
using Platform.Notifications.CommentMails;
using Platform.Notifications.Features;
using Platform.Notifications.Jobs;
using Platform.Notifications.Live;
using Platform.Notifications.Mail;
using Platform.Notifications.Messages;
using Platform.Notifications.Push;
using Platform.Notifications.Reactions;
using Platform.Notifications.Webhooks;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.DeadLetters;

await Defaults.Run(args, Build);

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults("notifications");
    builder.AddStore("notifications");
    builder.AddIdentity();
    builder.AddBus("notifications", bus =>
    {
        bus.AddConsumer<StartDispatch>();
        bus.AddConsumer<RememberArticle>();
        bus.AddConsumer<StopDispatches>();
        bus.AddConsumer<TellWebhooks>();
        bus.AddConsumer<LogArticles>();
        bus.AddConsumer<TakeCommentMails>();
        bus.AddConsumer<LiveQueue>();
        bus.AddConsumer<DeliverPage>(typeof(DeliverPage.Definition));
        bus.AddConsumer<DeliverBreakingPage>(typeof(DeliverBreakingPage.Definition));
        bus.AddConsumer<DeliverPushPage>(typeof(DeliverPushPage.Definition));
    }, LiveQueue.Configure);
    builder.AddDeadLetters();
    builder.Services.AddOutbox([DispatchStore.Collection], typeof(PagePlanned), typeof(BreakingPagePlanned), typeof(PushPagePlanned)).AddIdempotency();
    builder.Services.AddOpenApi(o => o.AddRules());

    builder.AddMail();
    builder.AddWebhooks();
    builder.AddPush();
    builder.Services.AddSingleton<LiveReplay>().AddSingleton<LiveTail>().AddHostedService(p => p.GetRequiredService<LiveTail>());
    builder.Services.AddSingleton<DispatchTail>().AddHostedService(p => p.GetRequiredService<DispatchTail>());
    builder.Services.AddSingleton<LiveLogStore>().AddStoreInitialiser<LiveLogStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<BounceSecret>().AddSingleton<SuppressionStore>().AddStoreInitialiser<SuppressionStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<Tokens>().AddSingleton<Worker>().AddSingleton<Signals>().AddSingleton<KeywordIndex>().AddSingleton<Planner>().AddSingleton<DigestPlanner>().AddSingleton<Deliverer>().AddSingleton<RunningCounts>();
    builder.Services.AddSingleton<SubscriptionStore>().AddStoreInitialiser<SubscriptionStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<DispatchStore>().AddStoreInitialiser<DispatchStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<LedgerStore>().AddStoreInitialiser<LedgerStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton<KnownArticleStore>().AddSingleton<WorkerStore>();
    builder.Services.AddHostedService<KeepAlive>().AddHostedService<PlanDispatches>().AddHostedService<PlanDigests>().AddHostedService<FinishDispatches>();
    builder.Services.AddHostedService<RetryDeliveries>().AddHostedService<RetryPushes>().AddHostedService<SettleLost>().AddHostedService<SendConfirmations>().AddHostedService<PurgeLedger>();

    builder.Services.AddSingleton<CommentMailStore>().AddStoreInitialiser<CommentMailStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton(new GuestSeal(builder.Configuration)).AddSingleton<CommentMailComposer>().AddHostedService<SendCommentMails>();

    var app = builder.Build();
    app.UseServiceDefaults();
    app.MapOpenApi();
    app.MapNotifications();
    app.MapDeadLetters("notifications");
    return app;
}

/// <summary>The service's entry, for the test host.</summary>
public partial class Program;
