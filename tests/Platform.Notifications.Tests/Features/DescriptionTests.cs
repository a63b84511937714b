using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Platform.Notifications.Tests.Features;

public sealed class DescriptionTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task The_service_describes_its_routes()
    {
        using var client = fixture.Client();
        var document = (await client.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        document["paths"]!.AsObject().Select(p => p.Key).ShouldBe(
            ["/api/subscriptions", "/api/subscriptions/confirm", "/api/subscriptions/mine", "/unsubscribe/{token}", "/api/dispatches", "/api/dispatches/live", "/api/dispatches/{id}", "/api/dispatches/{id}/preview", "/api/dispatches/{id}/deliveries", "/api/deliveries/{id}/resend",
                "/api/webhooks", "/api/webhooks/{id}", "/api/webhooks/{id}/deliveries", "/api/webhooks/{id}/rotate",
                "/api/bounces", "/api/suppressions", "/api/suppressions/{id}", "/api/subscriptions/export", "/api/subscriptions/mine/data", "/api/live", "/api/push/key",
                "/api/dead-letters/notifications", "/api/dead-letters/notifications/replay", "/api/dead-letters/notifications/{id}", "/api/dead-letters/notifications/{id}/replay"], ignoreOrder: true);
        document["paths"]!["/api/subscriptions"]!["post"]!["description"].ShouldNotBeNull("docstrings reach the description");
    }
}
