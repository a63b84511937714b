using Platform.Notifications.Jobs;
using Platform.Notifications.Outbound;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Webhooks;

public static class WebhookServices
{
    /// <summary>Webhooks, and what their messages and those of push may be sent to.</summary>
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        const string Networks = "PLATFORM_ALLOWED_NETWORKS";
        OutboundRules rules;
        try { rules = OutboundRules.Parse(builder.Configuration[Networks]); }
        catch (FormatException) { throw new SettingException($"{Networks} must be networks with commas between them, such as 10.0.0.0/8,fd00::/8."); }
        builder.Services.AddSingleton(rules).AddSingleton<WebhookSender>().AddHostedService<SendWebhooks>();
        builder.Services.AddSingleton<WebhookStore>().AddStoreInitialiser<WebhookStore>((store, ct) => store.CreateIndexes(ct));
        builder.Services.AddSingleton<WebhookDeliveryStore>().AddStoreInitialiser<WebhookDeliveryStore>((store, ct) => store.CreateIndexes(ct));
    }
}
