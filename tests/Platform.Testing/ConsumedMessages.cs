using System.Collections.Concurrent;
using MassTransit;

namespace Platform.Testing;

/// <summary>
/// The messages of one type that a service is done with. For what a reaction does <i>not</i> do: that the same document's other messages were heard elsewhere says nothing of this one.
/// </summary>
public sealed class ConsumedMessages<T> : IConsumeMessageObserver<T>, IDisposable where T : class
{
    private readonly ConcurrentQueue<T> _done = new();
    private readonly ConnectHandle _handle;

    /// <param name="bus">The service's.</param>
    public ConsumedMessages(IBusControl bus) => _handle = bus.ConnectConsumeMessageObserver(this);

    /// <summary>Waits until the service is done with such a message.</summary>
    public Task Has(Func<T, bool> which) => Eventually.True(() => _done.Any(which), $"a {typeof(T).Name} to be consumed");

    public Task PreConsume(ConsumeContext<T> context) => Task.CompletedTask;

    public Task PostConsume(ConsumeContext<T> context)
    {
        _done.Enqueue(context.Message);
        return Task.CompletedTask;
    }

    public Task ConsumeFault(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;

    public void Dispose() => _handle.Disconnect();
}
