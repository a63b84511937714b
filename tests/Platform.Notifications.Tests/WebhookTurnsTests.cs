using Platform.Notifications.Webhooks;
using Platform.Testing;

namespace Platform.Notifications.Tests;

public sealed class WebhookTurnsTests
{
    private readonly WebhookTurns _turns = new();

    [Fact]
    public void One_webhook_has_so_many_under_way_and_the_others_their_turn()
    {
        var (busy, other) = (Guid.NewGuid(), Guid.NewGuid());
        var taken = _turns.Take([.. Of(busy, 100), .. Of(other, 3)]);
        taken.Count(t => t.Webhook == busy).ShouldBe(WebhookTurns.AtOnce);
        taken.Count(t => t.Webhook == other).ShouldBe(3);
        _turns.Take(Of(busy, 1)).ShouldBeEmpty();
        _turns.WithRoom([busy, other]).ShouldBe([other]);
        _turns.Leave([busy, busy]);
        _turns.Take(Of(busy, 10)).Count.ShouldBe(2);
    }

    [Fact]
    public void Of_all_together_no_more_are_taken_than_can_be_sent_soon()
    {
        _turns.Take(Enumerable.Range(0, 2 * WebhookTurns.Taken).SelectMany(_ => Of(Guid.NewGuid(), 1))).Count.ShouldBe(WebhookTurns.Taken);
        _turns.Take(Of(Guid.NewGuid(), 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_does_not_answer_gives_the_sender_back_and_is_served_beside_the_others_until_he_answers_quickly()
    {
        var hanging = Enumerable.Range(0, 2 * WebhookTurns.Senders).Select(_ => Guid.NewGuid()).ToList();
        _turns.Take(hanging.SelectMany(w => Of(w, 1))).Count.ShouldBe(hanging.Count);
        var end = new TaskCompletionSource<bool>();
        var (most, running) = (0, 0);
        var sending = hanging.Select(w => _turns.Send(w, () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            return end.Task;
        })).ToList();
        Volatile.Read(ref most).ShouldBeLessThanOrEqualTo(WebhookTurns.Senders);

        // They hold all of the senders, for a moment each.
        var quick = Guid.NewGuid();
        _turns.Take(Of(quick, 1)).Count.ShouldBe(1);
        (await _turns.Send(quick, () => Task.FromResult(true)).WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        sending.ShouldAllBe(s => !s.IsCompleted);
        await Eventually.True(() => Volatile.Read(ref running) == hanging.Count, "all to be asked");

        // None of them counts among the quick ones any more, and all of them get one at least.
        _turns.Leave([quick]);
        var taken = 0;
        await Eventually.True(() => (taken += _turns.Take(Enumerable.Range(0, WebhookTurns.Taken - taken).SelectMany(_ => Of(Guid.NewGuid(), 1))).Count) == WebhookTurns.Taken, "all to be slow");
        _turns.Take(Of(Guid.NewGuid(), 1)).ShouldBeEmpty();
        end.SetResult(true);
        await Task.WhenAll(sending);
        _turns.Leave(hanging);
        _turns.Take(hanging.SelectMany(w => Of(w, 1))).Count.ShouldBe(hanging.Count);
        _turns.Take(Of(hanging[0], 100)).Count.ShouldBe(WebhookTurns.AtOnce - 1);

        // One that answers quickly is one of the quick ones again: and of those there are as many as there may be.
        await _turns.Send(hanging[0], () => Task.FromResult(true));
        _turns.WithRoom([hanging[0]]).ShouldBeEmpty();
    }

    [Fact]
    public void Of_slow_ones_together_only_so_many_are_under_way_and_at_least_one_of_each()
    {
        var slow = Enumerable.Range(0, 1_000).Select(_ => Guid.NewGuid()).ToList();
        var turns = new WebhookTurns(slow);
        var taken = turns.Take(slow.SelectMany(w => Of(w, WebhookTurns.AtOnce)));
        taken.Count.ShouldBeGreaterThanOrEqualTo(slow.Count);
        taken.Count.ShouldBeLessThanOrEqualTo(WebhookTurns.Slow + slow.Count);
        taken.Select(t => t.Webhook).Distinct().Count().ShouldBe(slow.Count);
    }

    private static IEnumerable<WebhookTurn> Of(Guid webhook, int count) => Enumerable.Range(0, count).Select(_ => new WebhookTurn(Guid.NewGuid(), webhook));
}
