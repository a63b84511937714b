using System.Threading.Channels;

namespace Platform.Notifications.Live;

/// <summary>One who reads a live stream. Whoever does not keep up is dropped, and may resume.</summary>
public sealed class LiveReader<T> : IDisposable
{
    private const int Behind = 100;
    private readonly Channel<T> _entries = System.Threading.Channels.Channel.CreateBounded<T>(Behind);
    private readonly CancellationTokenSource _dropped = new();

    /// <summary>Entries from the moment of joining on.</summary>
    public ChannelReader<T> Entries => _entries.Reader;

    /// <summary>Cancelled when it fell behind.</summary>
    public CancellationToken Dropped => _dropped.Token;

    /// <summary>Never waits.</summary>
    public void Tell(T entry)
    {
        if (!_entries.Writer.TryWrite(entry)) _dropped.Cancel();
    }

    public void Dispose() => _dropped.Dispose();
}
