namespace Platform.Contracts;

/// <summary>Somebody has answered a guest who proved his address and asked to hear of it: Notifications sends him one mail about all of these.</summary>
/// <remarks>Address and link are sealed under GUEST_SECRET, as in <see cref="CommentProofRequested"/>.</remarks>
public sealed record CommentRepliesGathered
{
    /// <inheritdoc cref="CommentProofRequested.MailId"/>
    public required Guid MailId { get; init; }

    /// <inheritdoc cref="CommentProofRequested.Address"/>
    public required string Address { get; init; }

    /// <summary>Where one request ends these mails (RFC 8058): sealed, in base64.</summary>
    public required string Off { get; init; }

    /// <summary>Of the mail.</summary>
    public required string Language { get; init; }

    /// <summary>Who has answered, plain text; one for each reply, oldest first, at most 20.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Titles of the articles, one for each reply.</summary>
    public required IReadOnlyList<string> Titles { get; init; }

    /// <summary>Public addresses of the replies, one for each.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Replies, those that are not named included.</summary>
    public required long Count { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }
}
