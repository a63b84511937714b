using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>
/// How often the same text came within the last hour or so, by whomever and to whatever article. This replica's own, in memory and flat: two tables of hashes, of which the older one is
/// dropped when the younger one is full or half an hour old. A restart forgets; that a guest says the same twice in one thread is kept from by the store.
/// </summary>
public sealed class RecentTexts(TimeProvider clock)
{
    /// <summary>Shorter ones are said by many: "God have mercy on him".</summary>
    public const int ShortestText = 40;

    private const int Most = 50_000;
    private static readonly TimeSpan Half = TimeSpan.FromMinutes(30);
    private readonly Lock _gate = new();
    private Dictionary<ulong, int> _young = [], _old = [];
    private DateTimeOffset _since = clock.GetUtcNow();

    /// <summary>Counts the text in.</summary>
    /// <returns>How often it came before, in any spelling.</returns>
    public int Add(string body)
    {
        if (body.Length < ShortestText) return 0;
        var hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes(Normaliser.Fold(body).AsSpan())));
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (now - _since > Half || _young.Count >= Most)
            {
                _old = now - _since > 2 * Half ? [] : _young;
                (_young, _since) = ([], now);
            }
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_young, hash, out _);
            return count++ + _old.GetValueOrDefault(hash);
        }
    }
}
