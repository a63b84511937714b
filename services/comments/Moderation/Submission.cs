using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>A comment that asks to be published, with all that the rules look at.</summary>
/// <param name="Known">Whether the guest has another published comment.</param>
/// <param name="PreviousAt">When the same author wrote last, where <see cref="ModerationSettings.MinSecondsBetween"/> is on.</param>
public sealed record Submission(Comment Comment, Thread Thread, ModerationSettings Settings, bool Known, DateTimeOffset? PreviousAt, DateTimeOffset Now)
{
    /// <summary>Name and text, folded and cut into words (see <see cref="Normaliser"/>).</summary>
    public FoldedWords Words => field ??= new FoldedWords(Comment.Name, Comment.Body);
}
