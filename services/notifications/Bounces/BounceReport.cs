using MimeKit;

namespace Platform.Notifications.Bounces;

/// <summary>
/// Reads what mail servers send back: delivery status notifications (RFC 3464) and complaints (ARF, RFC 5965). Anybody can write such a mail; so nothing in it is believed but
/// the Message-ID of a mail of ours that it returns, which is not to be guessed.
/// </summary>
/// <param name="MessageId">Of the mail that came back, as it stands there, or null.</param>
public sealed record BounceReport(BounceType Type, string? MessageId)
{
    private const int MaxParts = 50;

    /// <returns>Null for a mail that reports no failure.</returns>
    public static BounceReport? Read(MimeMessage mail)
    {
        if (mail.Body is not MultipartReport report) return null;
        var parts = report.Take(MaxParts).ToList();
        if (string.Equals(report.ReportType, "feedback-report", StringComparison.OrdinalIgnoreCase)) return new(BounceType.Complaint, Returned(parts));
        if (parts.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status) return null;
        // The first group is about the report, the others each about one recipient; our mails have one.
        foreach (var group in status.StatusGroups.Skip(1))
            if (TypeOf(group["Action"], group["Status"]) is { } type) return new(type, Returned(parts));
        return null;
    }

    /// <summary>By the enhanced status code (RFC 3463). Hard is what says that the mailbox or its domain is not there; what a mailbox, a message or a policy refuses may change.</summary>
    /// <returns>Null for what is no failure: delivered, relayed, or only late.</returns>
    public static BounceType? TypeOf(string? action, string? status)
    {
        if (!string.Equals(action?.Trim(), "failed", StringComparison.OrdinalIgnoreCase)) return null;
        var code = status?.Trim().Split(' ', 2)[0].Split('.') ?? [];
        if (code is not ["5", var subject, var detail]) return BounceType.Soft;
        return (subject, detail) switch
        {
            ("1", not ("5" or "7" or "8")) => BounceType.Hard,   // no such mailbox, no such domain, moved; not: about the sender
            ("2", "1") => BounceType.Hard,                         // mailbox disabled
            ("4", "4") => BounceType.Hard,                         // no route: the domain takes no mail
            ("0", "0") => BounceType.Hard,
            _ => BounceType.Soft,
        };
    }

    private static string? Returned(List<MimeEntity> parts)
    {
        foreach (var part in parts)
        {
            if (part is MessagePart { Message: { } message } && message.MessageId is { } id) return id;
            if (part is not TextPart { ContentType: { } type } text || !type.IsMimeType("text", "rfc822-headers")) continue;
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text.Text));
            try { if (HeaderList.Load(stream)[HeaderId.MessageId] is { } header) return header; }
            catch (FormatException) { }
        }
        return null;
    }

    /// <summary>The id in a Message-ID of ours, <c>&lt;id@host&gt;</c>; null for another one.</summary>
    public static Guid? IdOf(string? messageId) => messageId?.Trim().TrimStart('<').Split('@', 2) is [var local, _] && Guid.TryParseExact(local, "N", out var id) ? id : null;
}
