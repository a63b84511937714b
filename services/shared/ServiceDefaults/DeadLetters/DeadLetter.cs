using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace Platform.ServiceDefaults.DeadLetters;

/// <summary>Why a message is no longer in its queue.</summary>
public enum DeadLetterReason
{
    /// <summary>The reaction failed on it, after all tries (MassTransit's <c>_error</c>).</summary>
    Failed,

    /// <summary>Whoever handled it died of it, as often as the broker allows (<c>_dead</c>).</summary>
    Died,

    /// <summary>It lay in the queue, and no reaction wants it (<c>_skipped</c>).</summary>
    Skipped,
}

/// <summary>A message that a reaction could not handle, kept until somebody has it handled again or throws it away.</summary>
/// <param name="Id">Made of what it is: taken from the broker twice, it is one. Begins with its time.</param>
/// <param name="Queue">The reaction's, to which it goes back.</param>
/// <param name="MessageType">Such as <c>Platform.Contracts:ArticlePublished</c>; null where it says none.</param>
/// <param name="Error">Type and words of the failure, without addresses and quotations.</param>
/// <param name="Attempts">Where known.</param>
/// <param name="Headers">Of its own; not those about its failure.</param>
/// <param name="Body">Sealed: it may hold what readers wrote.</param>
/// <param name="ReplayFrom">Somebody has asked for it, and it goes back; null otherwise.</param>
public sealed record DeadLetter(Guid Id, string Queue, DeadLetterReason Reason, string? MessageType, string? MessageId, string? Error, int? Attempts, DateTimeOffset FailedAt,
    string? ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset? ReplayFrom = null);

/// <summary>Reads what the broker and MassTransit say about a message that failed.</summary>
public static partial class DeadLetters
{
    private const int LongestError = 500;

    /// <summary>The queues beside a reaction's own in which its failures lie.</summary>
    public static readonly IReadOnlyDictionary<DeadLetterReason, string> Suffixes = new Dictionary<DeadLetterReason, string>
    {
        [DeadLetterReason.Failed] = "_error",
        [DeadLetterReason.Died] = "_dead",
        [DeadLetterReason.Skipped] = "_skipped",
    };

    /// <param name="queue">The reaction's.</param>
    /// <param name="seal">Seals the body.</param>
    public static DeadLetter Read(string queue, DeadLetterReason reason, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, Func<byte[], byte[]> seal)
    {
        var headers = (properties.Headers ?? new Dictionary<string, object?>()).ToDictionary(h => h.Key, h => Text(h.Value), StringComparer.Ordinal);
        var bytes = body.ToArray();
        var (type, sentAt) = Envelope(bytes);
        var failedAt = Time(headers.GetValueOrDefault("MT-Fault-Timestamp")) ?? DiedAt(properties) ?? sentAt ?? DateTimeOffset.UnixEpoch;
        var error = string.Join(": ", new[] { headers.GetValueOrDefault("MT-Fault-ExceptionType"), headers.GetValueOrDefault("MT-Fault-Message") }.Where(t => !string.IsNullOrEmpty(t)));
        var id = HashedId.Of([.. Encoding.UTF8.GetBytes($"{queue}\n{reason}\n{properties.MessageId}\n{failedAt:O}\n"), .. SHA256.HashData(bytes)], failedAt.ToUnixTimeMilliseconds());
        return new(id, queue, reason, type ?? headers.GetValueOrDefault("MT-Fault-MessageType")?.Replace(Urn, "", StringComparison.Ordinal), properties.MessageId, error.Length == 0 ? null : Mask(error), Attempts(reason, headers),
            new DateTimeOffset(failedAt.Ticks - (failedAt.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero), properties.ContentType ?? headers.GetValueOrDefault("Content-Type"),
            headers.Where(h => h.Value is not null && !IsAboutFailure(h.Key)).ToDictionary(h => h.Key, h => h.Value!, StringComparer.Ordinal), seal(bytes));
    }

    /// <summary>Takes out what may be somebody's: addresses, and what stands in quotation marks, save names of fields and types.</summary>
    public static string Mask(string error)
    {
        var masked = Address().Replace(DoubleQuoted().Replace(error, "\"…\""), "•••@${domain}");
        masked = SingleQuoted().Replace(masked, m => Identifier().IsMatch(m.Groups["words"].ValueSpan) ? m.Value : "'…'");
        return masked.Length > LongestError ? masked[..(LongestError - 1)] + "…" : masked;
    }

    private const string Urn = "urn:message:";

    private static bool IsAboutFailure(string header) => header.StartsWith("MT-", StringComparison.Ordinal) || header.StartsWith("x-", StringComparison.OrdinalIgnoreCase);

    private static int? Attempts(DeadLetterReason reason, Dictionary<string, string?> headers) => reason switch
    {
        DeadLetterReason.Failed => Number(headers.GetValueOrDefault("MT-Fault-RetryCount")) is > 0 and var again ? again + 1 : null,
        DeadLetterReason.Died => Number(headers.GetValueOrDefault("x-delivery-count")) + 1,
        _ => null,
    };

    /// <summary>MassTransit's envelope names the message's types, the most derived one first.</summary>
    private static (string? Type, DateTimeOffset? SentAt) Envelope(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return default;
            var type = json.RootElement.TryGetProperty("messageType", out var types) && types.ValueKind == JsonValueKind.Array && types.GetArrayLength() > 0 && types[0].ValueKind == JsonValueKind.String ? types[0].GetString() : null;
            var sent = json.RootElement.TryGetProperty("sentTime", out var time) && time.ValueKind == JsonValueKind.String ? Time(time.GetString()) : null;
            return (type?.Replace(Urn, "", StringComparison.Ordinal), sent);
        }
        catch (JsonException) { return default; }
    }

    private static DateTimeOffset? DiedAt(IReadOnlyBasicProperties properties) =>
        properties.Headers?.TryGetValue("x-death", out var deaths) == true && deaths is IList<object?> { Count: > 0 } all && all[0] is IDictionary<string, object?> death && death.TryGetValue("time", out var time) && time is AmqpTimestamp at
            ? DateTimeOffset.FromUnixTimeSeconds(at.UnixTime) : null;

    private static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time >= DateTimeOffset.UnixEpoch ? time : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string or int or long or short or byte or bool => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    [GeneratedRegex("""[^\s<>"'(),;:\[\]{}=]+@(?<domain>[^\s<>"'(),;:\[\]{}=]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    [GeneratedRegex("\"[^\"]*(\"|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DoubleQuoted();

    [GeneratedRegex("'(?<words>[^']*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SingleQuoted();

    [GeneratedRegex("^[A-Za-z0-9_.:-]{1,80}$", RegexOptions.None, 1000)]
    private static partial Regex Identifier();
}
