namespace Platform.Notifications.Webhooks;

/// <summary>A place in the queue: an event that is due for a webhook.</summary>
public sealed record WebhookTurn(Guid Delivery, Guid Webhook);

/// <summary>
/// Who is served next, so that one process sends to any number of webhooks with a bounded number of requests. A webhook has at most <see cref="AtOnce"/> events under way; of all together
/// <see cref="Taken"/> are taken out of the store before they are sent, and <see cref="Senders"/> requests run. Whoever leaves a request unanswered for <see cref="Patience"/> gives the
/// sender back and is slow from then on: it is served beside the others, <see cref="Slow"/> requests of all slow ones together and at least one of each, until it answers quickly again.
/// </summary>
/// <remarks>So others wait for a receiver that hangs at most once, and at most that moment, however many hang. Safe for threads.</remarks>
/// <param name="slow">Known to be slow.</param>
public sealed class WebhookTurns(IEnumerable<Guid>? slow = null)
{
    public const int AtOnce = 16, Senders = 128, Taken = 4 * Senders, Slow = 512;

    /// <summary>Whoever answers later is slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _underWay = [];
    private readonly HashSet<Guid> _slow = [.. slow ?? []];
    private readonly SemaphoreSlim _senders = new(Senders);
    private int _quickly, _slowly;

    /// <summary>Takes those that may be served now, in their order.</summary>
    /// <param name="due">Longest due first.</param>
    public IReadOnlyList<WebhookTurn> Take(IEnumerable<WebhookTurn> due)
    {
        lock (_lock)
        {
            var taken = new List<WebhookTurn>();
            foreach (var turn in due)
            {
                if (!HasRoom(turn.Webhook)) continue;
                _underWay[turn.Webhook] = _underWay.GetValueOrDefault(turn.Webhook) + 1;
                if (_slow.Contains(turn.Webhook)) _slowly++;
                else _quickly++;
                taken.Add(turn);
            }
            return taken;
        }
    }

    /// <summary>Of these, the webhooks that may have more.</summary>
    public IReadOnlyList<Guid> WithRoom(IEnumerable<Guid> webhooks)
    {
        lock (_lock) return [.. webhooks.Where(HasRoom)];
    }

    /// <summary>Events that were taken are over, settled, or were not taken in the end.</summary>
    public void Leave(IEnumerable<Guid> webhooks)
    {
        lock (_lock)
        {
            foreach (var webhook in webhooks)
            {
                if (_slow.Contains(webhook)) _slowly--;
                else _quickly--;
                if (--_underWay[webhook] == 0) _underWay.Remove(webhook);
            }
        }
    }

    /// <summary>Makes one request when its turn comes; turns come in the order of the calls.</summary>
    public async Task<T> Send<T>(Guid webhook, Func<Task<T>> request)
    {
        var sender = !IsSlow(webhook);
        if (sender) await _senders.WaitAsync();
        if (sender && IsSlow(webhook))   // has become so meanwhile
        {
            _senders.Release();
            sender = false;
        }
        Task<T> sending;
        try
        {
            sending = request();
            await ((Task)sending).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Mark(webhook, slow: !sending.IsCompleted);
        }
        finally { if (sender) _senders.Release(); }
        return await sending;
    }

    private bool IsSlow(Guid webhook)
    {
        lock (_lock) return _slow.Contains(webhook);
    }

    private bool HasRoom(Guid webhook)
    {
        var underWay = _underWay.GetValueOrDefault(webhook);
        return _slow.Contains(webhook) ? underWay == 0 || (underWay < AtOnce && _slowly < Slow) : underWay < AtOnce && _quickly < Taken;
    }

    private void Mark(Guid webhook, bool slow)
    {
        lock (_lock)
        {
            if (!(slow ? _slow.Add(webhook) : _slow.Remove(webhook))) return;
            var moved = _underWay.GetValueOrDefault(webhook) * (slow ? 1 : -1);
            _slowly += moved;
            _quickly -= moved;
        }
    }
}
