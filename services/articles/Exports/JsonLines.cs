using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Platform.ServiceDefaults;

namespace Platform.Articles.Exports;

/// <summary>Writes objects one a line (JSON Lines), each with its type as first member, and counts them by type. Waits where the reader is slower.</summary>
public sealed class JsonLines(PipeWriter to)
{
    /// <summary>Bytes that may wait for more, so that small lines go together.</summary>
    private const int Held = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new(16 * 1024);

    /// <summary>How many lines of each type were written, in the order in which the types came.</summary>
    public OrderedDictionary<string, long> Counts { get; } = [];

    /// <param name="line">Serialised as the API does it; not empty.</param>
    public async Task Write<T>(string type, T line, CancellationToken ct) where T : class
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = StrictJson.Options.Encoder })) JsonSerializer.Serialize(json, line, StrictJson.Options);
        to.Write("{\"type\":\""u8);
        to.Write(System.Text.Encoding.ASCII.GetBytes(type));
        to.Write("\","u8);
        to.Write(_line.WrittenSpan[1..]);   // without its opening brace
        to.Write("\n"u8);
        Counts[type] = Counts.GetValueOrDefault(type) + 1;
        ct.ThrowIfCancellationRequested();
        // The first line goes at once: whoever waits knows that it has begun.
        if (to.UnflushedBytes < Held && Counts.Count > 1) return;
        if ((await to.FlushAsync(ct)).IsCompleted) throw new OperationCanceledException("The reader is gone.");
    }
}
