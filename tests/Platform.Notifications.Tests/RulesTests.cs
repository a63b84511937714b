using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Platform.Notifications.Messages;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Notifications.Tests;

/// <summary>The pure rules.</summary>
public sealed class RulesTests
{
    [Theory]
    [InlineData("reader@example.org", "reader@example.org")]
    [InlineData("  Reader+News@Example.ORG ", "reader+news@example.org")]
    [InlineData("o'brien@mail.example.org", "o'brien@mail.example.org")]
    [InlineData("سلمى@مثال.السعودية", "سلمى@xn--mgbh0fb.xn--mgberp4a5d4ar")]
    [InlineData("a@bücher.example", "a@xn--bcher-kva.example")]
    public void An_address_has_one_key_however_it_is_written(string text, string key) => EmailAddress.TryParse(text)!.Key.ShouldBe(key);

    [Theory]
    [InlineData("")]
    [InlineData("@example.org")]
    [InlineData("a@")]
    [InlineData("a@localhost")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a@127.0.0.1")]
    [InlineData("a@example..org")]
    [InlineData("a@-example.org")]
    [InlineData("a@exa_mple.org")]
    [InlineData(".a@example.org")]
    [InlineData("a..b@example.org")]
    [InlineData("a b@example.org")]
    [InlineData("\"a b\"@example.org")]
    [InlineData("a@example.org,b@example.org")]
    [InlineData("a@b@example.org")]
    [InlineData("a@example.org>\r\nRCPT TO:<b@example.org")]
    [InlineData("a\u202e@example.org")]
    [InlineData("a\u0000@example.org")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789@example.org")]
    public void What_no_mail_could_be_sent_to_is_no_address(string text) => EmailAddress.TryParse(text).ShouldBeNull();

    [Theory]
    [InlineData("reader@example.org", "r•••@example.org")]
    [InlineData("سلمى@example.org", "س•••@example.org")]
    [InlineData("none", "•••")]
    public void A_masked_address_tells_its_domain_and_one_letter(string address, string masked) => EmailAddress.Mask(address).ShouldBe(masked);

    [Fact]
    public void A_temporary_refusal_is_tried_again_after_10_s_doubling_to_an_hour_for_24_hours()
    {
        var first = DateTimeOffset.UnixEpoch;
        var pauses = new List<int>();
        var now = first;
        for (var attempts = 1; Delivery.Retry(attempts, first, now) is { } due; attempts++)
        {
            pauses.Add((int)(due - now).TotalSeconds);
            now = due;
        }
        pauses.Take(11).ShouldBe([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
        (now - first).ShouldBeInRange(TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Delivery.Retry(1_000, first, first).ShouldBe(first.AddHours(1));
    }

    [Fact]
    public void One_dispatch_and_one_subscription_have_one_row_whose_id_is_a_UUIDv7_of_the_dispatchs_time()
    {
        var (dispatch, subscription) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var id = Delivery.IdOf(dispatch, subscription);
        id.ShouldBe(Delivery.IdOf(dispatch, subscription));
        id.ShouldNotBe(Delivery.IdOf(subscription, dispatch));
        id.ShouldNotBe(Delivery.IdOf(dispatch, Guid.CreateVersion7()));
        id.Version.ShouldBe(7);
        id.Variant.ShouldBeInRange(8, 11);
        id.ToString()[..13].ShouldBe(dispatch.ToString()[..13]);
    }

    [Fact]
    public void Tokens_of_one_kind_are_none_of_another_and_forged_ones_none_at_all()
    {
        var tokens = new Tokens(new PlatformSettings(new ConfigurationBuilder().AddInMemoryCollection(TestSettings.Default).Build()));
        var id = Guid.CreateVersion7();
        tokens.ReadManage(tokens.Manage(id)).ShouldBe(id);
        tokens.ReadUnsubscribe(tokens.Unsubscribe(id)).ShouldBe(id);
        tokens.ReadManage(tokens.Unsubscribe(id)).ShouldBeNull();
        tokens.ReadUnsubscribe(tokens.Manage(id)).ShouldBeNull();
        foreach (var i in new[] { 0, 10, 25, 40 })
        {
            var forged = tokens.Manage(id).ToCharArray();
            forged[i] = forged[i] == 'A' ? 'B' : 'A';
            tokens.ReadManage(new string(forged)).ShouldBeNull();
        }
        tokens.ReadManage("").ShouldBeNull();
        tokens.ReadManage(new string('!', 43)).ShouldBeNull();
    }

    [Fact]
    public void The_time_left_follows_the_pace_so_far()
    {
        var start = DateTimeOffset.UnixEpoch;
        var dispatch = Dispatch.Of(NotificationsFixture.Article("a"), Guid.NewGuid(), start) with { Phase = DispatchPhase.Sending, Matched = 100 };
        dispatch.Eta(new Counts(0, 0, 0, 0, 100), null, start.AddSeconds(1)).ShouldBeNull();
        dispatch.Eta(new Counts(20, 3, 1, 1, 75), null, start.AddSeconds(10)).ShouldBe(30);
        dispatch.Eta(new Counts(99, 0, 0, 0, 1), start.AddSeconds(90), start.AddSeconds(10)).ShouldBe(80);
        (dispatch with { Phase = DispatchPhase.Done }).Eta(Counts.None, null, start).ShouldBe(0);
    }

    [Fact]
    public void The_message_between_our_workers_keeps_its_name_and_form()
    {
        MessageUrn.ForTypeString<PagePlanned>().ShouldBe("urn:message:Platform.Notifications.Messages:PagePlanned");
        var message = new PagePlanned { DispatchId = Guid.Parse("01900000-0000-7000-8000-000000000000"), Page = 3 };
        JsonSerializer.Serialize(message, StrictJson.Options).ShouldBe("""{"dispatchId":"01900000-0000-7000-8000-000000000000","page":3}""");
    }
}
