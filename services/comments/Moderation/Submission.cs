using System.Net;
using Platform.Comments.Moderation.Spam;
using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>A comment that asks to be published, with all that the rules look at.</summary>
/// <param name="Known">Whether the guest has another published comment.</param>
/// <param name="PreviousAt">When the same author wrote last, where <see cref="ModerationSettings.MinSecondsBetween"/> is on.</param>
public sealed record Submission(Comment Comment, Thread Thread, ModerationSettings Settings, bool Known, DateTimeOffset? PreviousAt, DateTimeOffset Now)
{
    public ModerationFacts Facts { get; init; } = ModerationFacts.None;

    /// <summary>All hashes of the guest's address, one for each key in use (see <see cref="Privacy.AddressKeys"/>).</summary>
    public IReadOnlyList<byte[]> Authors { get => field ?? (Comment.Author is { } one ? [one] : []); init; }

    /// <summary>Where the guest writes from; null where that is not known.</summary>
    public IPAddress? From { get; init; }

    /// <summary>Whether the author has said the same in this thread; where that is known before the comment is stored.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>How often the same text came lately, by whomever.</summary>
    public int SameTexts { get; init; }

    /// <summary>What a scorer outside says of it; null where there is none, or it has not answered in time.</summary>
    public OutsideScore? Outside { get; init; }

    /// <summary>Name and text, folded and cut into words (see <see cref="Normaliser"/>).</summary>
    public FoldedWords Words => field ??= new FoldedWords(Comment.Name, Comment.Body);
}

/// <summary>What the rules know beside the settings; the same for all submissions of a moment.</summary>
public sealed record ModerationFacts(BanList Bans, StaffNames Staff, SpamModel Spam)
{
    public static readonly ModerationFacts None = new(BanList.None, StaffNames.None, SpamModel.Empty);
}
