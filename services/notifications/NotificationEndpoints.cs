using Platform.Notifications.Features;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>The whole route table, by audience.</summary>
public static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        // Readers, who have no account: an address proves itself by a mail, the rest by the tokens in mails.
        var subscriptions = routes.MapGroup("/api/subscriptions").WithTags("Subscriptions");
        subscriptions.MapPost("/", Subscribe.Handle).WithName("Subscribe").Creates();
        subscriptions.MapPost("/confirm", ConfirmSubscription.Handle).WithName("ConfirmSubscription");
        subscriptions.MapGet("/mine", ManageSubscription.Show).WithName("ShowSubscription");
        subscriptions.MapPut("/mine", ManageSubscription.Change).WithName("ChangeSubscription");
        subscriptions.MapDelete("/mine", ManageSubscription.End).WithName("EndSubscription");

        subscriptions.MapGet("/mine/data", OwnData.Show).WithName("ShowOwnData");
        subscriptions.MapDelete("/mine/data", OwnData.Erase).WithName("EraseOwnData");
        subscriptions.MapGet("/export", ExportSubscriptions.Handle).WithName("ExportSubscriptions").For(Roles.Admin).Produces(StatusCodes.Status200OK, contentType: "text/csv");

        routes.MapGet("/api/push/key", ShowPushKey.Handle).WithName("ShowPushKey").WithTags("Subscriptions");
        routes.MapGet("/api/live", FollowLive.Handle).WithName("FollowLive").WithTags("Live").WithQuery("topics").Produces(StatusCodes.Status200OK, contentType: "text/event-stream");

        // Mail services call this one (RFC 8058); the page under the same address is Web's.
        routes.MapPost("/unsubscribe/{token}", Unsubscribe.Handle).WithName("Unsubscribe").WithTags("Subscriptions");

        // Other systems.
        var webhooks = routes.MapGroup("/api/webhooks").WithTags("Webhooks").For(Roles.Admin);
        webhooks.MapPost("/", ManageWebhooks.Register).WithName("RegisterWebhook").Creates();
        webhooks.MapGet("/", ManageWebhooks.List).WithName("ListWebhooks").WithPaging();
        webhooks.MapGet("/{id:guid}", ManageWebhooks.One).WithName("ShowWebhook");
        webhooks.MapGet("/{id:guid}/deliveries", ManageWebhooks.Deliveries).WithName("ListWebhookDeliveries").WithPaging();
        webhooks.MapPost("/{id:guid}/rotate", ManageWebhooks.Rotate).WithName("RotateWebhookSecret");
        webhooks.MapDelete("/{id:guid}", ManageWebhooks.Delete).WithName("DeleteWebhook");

        // Mail providers, who sign what they send.
        routes.MapPost("/api/bounces", ReportBounce.Handle).WithName("ReportBounce").WithTags("Suppressions").Accepts<ReportBounce.BounceRequest>("application/json", "message/rfc822");

        var suppressions = routes.MapGroup("/api/suppressions").WithTags("Suppressions").For(Roles.Admin);
        suppressions.MapGet("/", ManageSuppressions.List).WithName("ListSuppressions").WithPaging();
        suppressions.MapPost("/", ManageSuppressions.Add).WithName("AddSuppression").Creates();
        suppressions.MapDelete("/{id:guid}", ManageSuppressions.Remove).WithName("RemoveSuppression");

        var dispatches = routes.MapGroup("/api/dispatches").WithTags("Dispatches");
        dispatches.MapGet("/", ShowDispatches.List).WithName("ListDispatches").WithPaging("articleId", "kind").For(Roles.Editor);
        dispatches.MapGet("/live", FollowDispatches.Handle).WithName("FollowDispatches").For(Roles.Editor).Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
        dispatches.MapGet("/{id:guid}", ShowDispatches.One).WithName("ShowDispatch").For(Roles.Editor);
        dispatches.MapGet("/{id:guid}/preview", PreviewMail.Handle).WithName("PreviewMail").WithQuery("language").For(Roles.Editor);
        dispatches.MapGet("/{id:guid}/deliveries", ShowDeliveries.List).WithName("ListDeliveries").WithPaging("status").For(Roles.Admin);
        routes.MapPost("/api/deliveries/{id:guid}/resend", ResendDelivery.Handle).WithName("ResendDelivery").WithTags("Dispatches").For(Roles.Admin);
    }
}
