using System.Globalization;
using System.Security.Cryptography;

namespace Platform.Comments.Live;

/// <summary>Where a stream stands: the latest time told, and a print of all that was told of the last seconds before it.</summary>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="Print">See <see cref="LiveWindow"/>.</param>
public sealed record LivePosition(long At, ulong Print)
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <returns>Null where it is not what <see cref="ToString"/> makes.</returns>
    public static LivePosition? Parse(string text) => text.Split('-') is [{ Length: > 0 and <= 15 } at, { Length: 16 } print]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= Latest && ulong.TryParse(print, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash) ? new(time, hash) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}-{Print:x16}");
}

/// <summary>
/// What was told of the last seconds. Changes carry the time of whoever made them, and some reach the store after later ones: so a reader who comes back asks for what is later than
/// the last he heard, and whether anything has come in between since. The print answers that without a list: it is the same exactly where the same was told.
/// Not safe for use by several at once.
/// </summary>
public sealed class LiveWindow
{
    /// <summary>A change is in the store so long after the time it carries; clocks of replicas included.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, (long At, long Version)> _told = [];
    private readonly PriorityQueue<Guid, long> _byAge = new();
    private ulong _print;

    public LiveWindow(DateTimeOffset from) => At = from.ToUnixTimeMilliseconds();

    private long At { get; set; }

    public LivePosition Position => new(At, _print);

    /// <summary>Notes that this state of a comment is told.</summary>
    /// <param name="at">When it became so, in milliseconds since 1970.</param>
    /// <param name="version">The comment's.</param>
    /// <returns>False where that state, or a later one, is told already.</returns>
    public bool Add(Guid id, long at, long version)
    {
        if (_told.TryGetValue(id, out var told))
        {
            if (version <= told.Version || at == told.At) return false;
            _print ^= Print(id, told.At);
        }
        _told[id] = (at, version);
        _print ^= Print(id, at);
        _byAge.Enqueue(id, at);
        At = Math.Max(At, at);
        while (_byAge.TryPeek(out var oldest, out var when) && when <= At - (long)Span.TotalMilliseconds)
        {
            _byAge.Dequeue();
            if (_told.TryGetValue(oldest, out var last) && last.At == when)
            {
                _told.Remove(oldest);
                _print ^= Print(oldest, when);
            }
        }
        return true;
    }

    private static ulong Print(Guid id, long at)
    {
        Span<byte> bytes = stackalloc byte[24];
        id.TryWriteBytes(bytes);
        BitConverter.TryWriteBytes(bytes[16..], at);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BitConverter.ToUInt64(hash);
    }
}
