namespace Platform.Articles;

/// <summary>Which entries of the log are asked for; null does not restrict.</summary>
/// <param name="From">Then or later.</param>
/// <param name="To">Before.</param>
/// <param name="After">Time and key of the last entry of the page before; a key begins with 36 characters of an id.</param>
public sealed record LogFilter(Guid? Article = null, DateTimeOffset? From = null, DateTimeOffset? To = null, Guid? User = null, string? Action = null, (DateTimeOffset At, string Key)? After = null)
{
    /// <summary>The action as one that makes a version of an article; null for another one, or where none is asked for.</summary>
    public RevisionAction? Revision => EnumNames<RevisionAction>.Parse(Action);
}
