namespace Platform.Contracts;

/// <summary>One of <see cref="CommentsImported"/>; no message by itself.</summary>
public sealed record ImportedComment
{
    /// <summary>What the other site calls it; unique within the article.</summary>
    public required string ExternalId { get; init; }

    /// <summary>External ids of all comments over it, from the top of the thread down to what it answers; empty at the top.</summary>
    public required IReadOnlyList<string> Ancestors { get; init; }

    /// <summary>Plain text, at most 80 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The author's e-mail address, sealed (AES-256-GCM, base64) under a key that only Articles and Comments have; null where none is known.</summary>
    public string? Email { get; init; }

    /// <summary>Plain text with line breaks, at most 5,000 characters.</summary>
    public required string Body { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the other site showed it; else it waits for a moderator.</summary>
    public required bool Approved { get; init; }
}
