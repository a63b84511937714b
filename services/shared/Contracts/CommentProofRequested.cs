namespace Platform.Contracts;

/// <summary>A guest who comments is to prove his e-mail address: Notifications sends him a link.</summary>
/// <remarks>Address and link are sealed under GUEST_SECRET, which Comments and Notifications have; nobody else can read them.</remarks>
public sealed record CommentProofRequested
{
    /// <summary>Names the mail (UUIDv7): it is sent once, however often this comes.</summary>
    public required Guid MailId { get; init; }

    /// <summary>Sealed, in base64.</summary>
    public required string Address { get; init; }

    /// <summary>The page that proves it: sealed, in base64.</summary>
    public required string Link { get; init; }

    /// <summary>Of the mail.</summary>
    public required string Language { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }
}
