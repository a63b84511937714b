namespace Platform.Comments.People;

/// <summary>A comment was made whose guest should prove his address: it waits for that alone, or he wants mail about replies.</summary>
public sealed record ProofNeeded(Guid CommentId);

/// <summary>A guest has proved his address.</summary>
public sealed record AddressProved(Guid GuestId);

/// <summary>A guest wants everything gone that he wrote.</summary>
public sealed record ErasureAsked(Guid GuestId);

/// <summary>A moderator wants everything gone that was written on an article.</summary>
public sealed record ThreadErasureAsked(Guid ArticleId);

/// <summary>Readers see a reply that they did not see before.</summary>
public sealed record ReplySeen(Guid CommentId);
