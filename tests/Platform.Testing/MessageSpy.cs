using System.Collections.Concurrent;
using MassTransit;

namespace Platform.Testing;

/// <summary>What a spy says to itself; see <see cref="MessageSpy.Returns"/>.</summary>
public sealed record Probe(Guid Id);

/// <summary>Stands beside a service on its bus: publishes as other services would, and hears what the service publishes.</summary>
public sealed class MessageSpy : IAsyncDisposable
{
    private readonly IBusControl _bus;
    private readonly ConcurrentQueue<(object Message, Guid? MessageId)> _heard = new();

    private MessageSpy(string rabbit, Type[] types)
    {
        var uri = new Uri(rabbit);
        _bus = Bus.Factory.CreateUsingRabbitMq(cfg =>
        {
            var user = uri.UserInfo.Split(':');
            cfg.Host(uri.Host, (ushort)uri.Port, Uri.UnescapeDataString(uri.AbsolutePath[1..]), h => { h.Username(Uri.UnescapeDataString(user[0])); h.Password(Uri.UnescapeDataString(user[1])); });
            cfg.ReceiveEndpoint("spy-" + Guid.NewGuid().ToString("N"), e =>
            {
                e.AutoDelete = true;
                e.ConcurrentMessageLimit = 1;   // heard in the order of the queue
                Listen<Probe>(e);
                foreach (var type in types) typeof(MessageSpy).GetMethod(nameof(Listen), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.MakeGenericMethod(type).Invoke(this, [e]);
            });
        });
    }

    /// <param name="rabbit">RABBITMQ_URI.</param>
    /// <param name="types">What to listen for; everything of Platform.Contracts where none is named.</param>
    public static async Task<MessageSpy> Start(string rabbit, params Type[] types)
    {
        var spy = new MessageSpy(rabbit, types is [] ? [.. typeof(Contracts.ArticlePublished).Assembly.GetExportedTypes()] : types);
        await spy._bus.StartAsync(TimeSpan.FromSeconds(30));
        return spy;
    }

    /// <summary>What was heard so far, in order; repeats included.</summary>
    public IReadOnlyList<T> Heard<T>() => [.. _heard.Select(h => h.Message).OfType<T>()];

    /// <summary>Ids of the messages heard, repeats included.</summary>
    public IReadOnlyList<Guid> MessageIds<T>() => [.. _heard.Where(h => h.Message is T).Select(h => h.MessageId!.Value)];

    public Task<T> Hears<T>(Func<T, bool>? which = null) where T : class =>
        Eventually.Get(() => Task.FromResult(Heard<T>().LastOrDefault(m => which?.Invoke(m) ?? true)), $"a {typeof(T).Name} on the bus");

    public Task Publish<T>(T message, Guid? messageId = null) where T : class => _bus.Publish(message, c => { if (messageId is { } id) c.MessageId = id; });

    /// <summary>Waits until it hears again, after its connection was cut: its queue went with that, and what was published meanwhile it never hears.</summary>
    public Task Returns()
    {
        var probe = new Probe(Guid.NewGuid());
        return Eventually.True(async () =>
        {
            await _bus.Publish(probe);
            return Heard<Probe>().Contains(probe);
        }, "the spy to be back");
    }

    public async ValueTask DisposeAsync() => await _bus.StopAsync(TimeSpan.FromSeconds(5));

    private void Listen<T>(IReceiveEndpointConfigurator endpoint) where T : class =>
        endpoint.Handler<T>(c => { _heard.Enqueue((c.Message, c.MessageId)); return Task.CompletedTask; });
}
