using System.Globalization;
using System.Text.Json;
using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation;

/// <summary>Who is read before publishing: everybody, nobody, or those who have no published comment yet.</summary>
public enum ModerationMode { Pre, Post, NewCommenters }

/// <summary>How the newsroom moderates; one document, the same for all threads.</summary>
public sealed record ModerationSettings : IDocument
{
    /// <summary>The one document's id.</summary>
    public static readonly Guid TheId = new("00000000-0000-7000-8000-000000000001");

    public Guid Id { get; init; } = TheId;
    public long Version { get; init; } = 1;

    /// <summary>A newsroom answers for what it shows, and most guests come back: reading each guest's first comment is the least work that catches most.</summary>
    public ModerationMode Mode { get; init; } = ModerationMode.NewCommenters;

    /// <summary>Days after publication until a thread closes; 0 is never.</summary>
    public int CloseAfterDays { get; init; }

    /// <summary>Minutes in which its author may change a comment; 0 is none.</summary>
    public int EditWindowMinutes { get; init; } = 15;

    /// <summary>A comment with more links is held.</summary>
    public int MaxLinks { get; init; } = 2;

    /// <summary>Between two comments of one author; 0 is off.</summary>
    public int MinSecondsBetween { get; init; }

    /// <summary>The trial whose settings these are, as long as nobody changes them.</summary>
    public Guid? Trial { get; init; }

    /// <summary>Words and phrases that refuse a comment.</summary>
    public IReadOnlyList<string> BannedWords { get; init; } = [];

    /// <summary>Words and phrases that hold a comment.</summary>
    public IReadOnlyList<string> SuspectWords { get; init; } = [];

    /// <summary>What is different, field by field, for the log; of lists of words what was taken out and what was put in.</summary>
    public static IReadOnlyList<FieldChange> Changes(ModerationSettings before, ModerationSettings after)
    {
        FieldChange?[] changes =
        [
            One("mode", JsonNamingPolicy.CamelCase.ConvertName(before.Mode.ToString()), JsonNamingPolicy.CamelCase.ConvertName(after.Mode.ToString())),
            One("closeAfterDays", before.CloseAfterDays, after.CloseAfterDays),
            One("editWindowMinutes", before.EditWindowMinutes, after.EditWindowMinutes),
            One("maxLinks", before.MaxLinks, after.MaxLinks),
            One("minSecondsBetween", before.MinSecondsBetween, after.MinSecondsBetween),
            Words("bannedWords", before.BannedWords, after.BannedWords),
            Words("suspectWords", before.SuspectWords, after.SuspectWords),
        ];
        return [.. changes.OfType<FieldChange>()];

        static FieldChange? One<T>(string field, T before, T after) where T : notnull => before.Equals(after) ? null
            : new(field, string.Create(CultureInfo.InvariantCulture, $"{before}"), string.Create(CultureInfo.InvariantCulture, $"{after}"));

        static FieldChange? Words(string field, IReadOnlyList<string> before, IReadOnlyList<string> after) => before.SequenceEqual(after) ? null
            : new(field, Listed(before.Except(after)), Listed(after.Except(before)));

        static string Listed(IEnumerable<string> words)
        {
            var all = words.ToArray();
            return string.Join(", ", all.Take(LoggedWords)) + (all.Length > LoggedWords ? $" … ({all.Length.ToString(CultureInfo.InvariantCulture)})" : "");
        }
    }

    /// <summary>The log names so many words of a change; of more their number.</summary>
    private const int LoggedWords = 200;

    private Made? _banned, _suspect;

    private sealed record Made(IReadOnlyList<string> Of, WordList List);

    // Not stored: no setter. Made once, and anew for a copy with other words.
    public WordList Banned => From(ref _banned, BannedWords);
    public WordList Suspect => From(ref _suspect, SuspectWords);

    private static WordList From(ref Made? made, IReadOnlyList<string> words)
    {
        if (made is not { } known || !ReferenceEquals(known.Of, words)) made = known = new(words, new WordList(words));
        return known.List;
    }
}
