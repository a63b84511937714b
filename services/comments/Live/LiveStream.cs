using System.Threading.Channels;

namespace Platform.Comments.Live;

/// <summary>One reader's stream. Events wait for him in a short queue; whoever lets it run full is dropped (and comes back with the last id he has), so that he holds nobody up and costs no more memory than it.</summary>
public sealed class LiveStream(Action drop)
{
    /// <summary>Events are shared, so a full queue costs some kilobytes.</summary>
    public const int Capacity = 256;

    private readonly Channel<LiveEvent> _waiting = Channel.CreateBounded<LiveEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<LiveEvent> Waiting => _waiting.Reader;

    /// <summary>Never waits.</summary>
    public void Tell(LiveEvent live)
    {
        if (_waiting.Writer.TryWrite(live)) return;
        _waiting.Writer.TryComplete();
        drop();
    }

    /// <summary>Only where nothing else is on its way.</summary>
    public void Beat()
    {
        if (_waiting.Reader.Count == 0) Tell(LiveEvent.Beat);
    }

    /// <summary>What waits is still told, and nothing after it.</summary>
    public void End() => _waiting.Writer.TryComplete();
}
