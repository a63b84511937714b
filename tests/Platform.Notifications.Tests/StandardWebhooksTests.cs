using System.Text;
using Platform.Notifications.Webhooks;

namespace Platform.Notifications.Tests;

/// <summary>Signatures and the times of attempts.</summary>
public sealed class StandardWebhooksTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    // The example that the libraries of the specification are tested with.
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void The_specifications_example_is_reproduced() => StandardWebhooks.Sign(StandardWebhooks.Keys(Secret), Id, At, Body).ShouldBe(Signature);

    [Theory]
    [InlineData(Id, "1614265330", Signature, true)]
    [InlineData(Id, "1614265330", "v1,AAAA v2,x " + Signature, true)]
    [InlineData(Id, "1614265330", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", false)]
    [InlineData(Id, "1614265330", "v1,", false)]
    [InlineData(Id, "1614265330", "", false)]
    [InlineData(Id, "1614265330", null, false)]
    [InlineData("msg_other", "1614265330", Signature, false)]
    [InlineData(null, "1614265330", Signature, false)]
    [InlineData(Id, "1614265331", Signature, false)]
    [InlineData(Id, "-1614265330", Signature, false)]
    [InlineData(Id, "9223372036854775807", Signature, false)]
    [InlineData(Id, "now", Signature, false)]
    [InlineData(Id, null, Signature, false)]
    public void Only_what_was_signed_so_is_genuine(string? id, string? timestamp, string? signature, bool genuine) =>
        StandardWebhooks.Verify(StandardWebhooks.Keys(Secret), id, timestamp, signature, Body, At.AddMinutes(1)).ShouldBe(genuine);

    [Fact]
    public void An_old_message_is_not_genuine_any_more()
    {
        StandardWebhooks.Verify(StandardWebhooks.Keys(Secret), Id, "1614265330", Signature, Body, At.AddMinutes(6)).ShouldBeFalse();
        StandardWebhooks.Verify(StandardWebhooks.Keys(Secret), Id, "1614265330", Signature, Body, At.AddMinutes(-6)).ShouldBeFalse();
        StandardWebhooks.Verify(StandardWebhooks.Keys(Secret), Id, "1614265330", Signature, [.. Body, (byte)' '], At).ShouldBeFalse();
    }

    [Fact]
    public void Ten_attempts_are_made_over_about_three_days()
    {
        var start = DateTimeOffset.UnixEpoch;
        foreach (var chance in new[] { 0, 0.5, 1 })
        {
            var (now, attempts) = (start, 1);
            while (WebhookDelivery.Retry(attempts, now, null, chance) is { } due) (now, attempts) = (due, attempts + 1);
            attempts.ShouldBe(10);
            (now - start).TotalDays.ShouldBeInRange(2.8, 3.5);
        }
        WebhookDelivery.Retry(1, start, start.AddHours(1), 0.5).ShouldBe(start.AddHours(1));
        WebhookDelivery.Retry(4, start, start.AddHours(1), 0.5).ShouldBe(start.AddHours(2));
    }
}
