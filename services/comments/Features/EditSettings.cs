using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Moderators set how comments are moderated.</summary>
public static class EditSettings
{
    private const int MaxWords = 10_000, MaxWord = 100;

    /// <param name="CloseAfterDays">0 (never) to 3,650.</param>
    /// <param name="EditWindowMinutes">0 (none) to 1,440.</param>
    /// <param name="MaxLinks">0 to 100.</param>
    /// <param name="MinSecondsBetween">0 (off) to 86,400.</param>
    /// <param name="BannedWords">Words and phrases, <c>*</c> stands for any letters of a word (see <see cref="WordList"/>); at most 10,000 of at most 100 characters.</param>
    /// <param name="SuspectWords">As <paramref name="BannedWords"/>.</param>
    public sealed record SettingsBody(ModerationMode Mode, int CloseAfterDays, int EditWindowMinutes, int MaxLinks, int MinSecondsBetween, IReadOnlyList<string> BannedWords, IReadOnlyList<string> SuspectWords)
    {
        internal static SettingsBody From(ModerationSettings s) => new(s.Mode, s.CloseAfterDays, s.EditWindowMinutes, s.MaxLinks, s.MinSecondsBetween, s.BannedWords, s.SuspectWords);
    }

    /// <summary>The settings in force.</summary>
    public static async Task<Versioned<SettingsBody>> Get(SettingsStore store, CancellationToken ct)
    {
        var settings = await store.Read(ct);
        return new(SettingsBody.From(settings), settings.Version);
    }

    /// <summary>Sets them; they hold within a second.</summary>
    /// <returns>200; 400; 412 changed since; 428.</returns>
    public static async Task<Versioned<SettingsBody>> Put(SettingsBody request, IfMatch expected, CurrentUser user, SettingsStore store, LogStore log, TimeProvider clock, CancellationToken ct)
    {
        var next = Check(request);
        var current = await store.Read(ct);
        expected.Check(current.Version, "settings");
        next = next with { Version = current.Version + 1 };
        var line = ActionTaken.Of(user, ModerationAction.SettingsChanged, next.Id, clock.Now()) with { Changes = ModerationSettings.Changes(current, next) };
        if (!await store.Save(next, line, ct)) throw Problem.Stale("settings");
        await log.Hasten([line], ct);
        return new(SettingsBody.From(next), next.Version);
    }

    /// <summary>Settings as they were sent, checked and cleaned.</summary>
    /// <exception cref="Problem">400 with errors.</exception>
    internal static ModerationSettings Check(SettingsBody request)
    {
        var errors = new FieldErrors();
        var checkedSettings = new ModerationSettings
        {
            Mode = request.Mode,
            CloseAfterDays = Within(request.CloseAfterDays, 3650, "closeAfterDays"),
            EditWindowMinutes = Within(request.EditWindowMinutes, 1440, "editWindowMinutes"),
            MaxLinks = Within(request.MaxLinks, 100, "maxLinks"),
            MinSecondsBetween = Within(request.MinSecondsBetween, (int)TurnStore.MaxGap.TotalSeconds, "minSecondsBetween"),
            BannedWords = Words(request.BannedWords, "bannedWords"),
            SuspectWords = Words(request.SuspectWords, "suspectWords"),
        };
        errors.ThrowIfAny();
        return checkedSettings;

        int Within(int value, int max, string field)
        {
            errors.Check(value >= 0 && value <= max, field, $"0 to {max}.");
            return value;
        }

        string[] Words(IReadOnlyList<string> words, string field)
        {
            errors.Check(words.Count <= MaxWords, field, $"At most {MaxWords}.");
            errors.Check(words.All(w => string.IsNullOrWhiteSpace(w) || WordList.IsSensible(w)), field, $"A word needs a letter or digit, a pattern with * {WordList.FewestLetters} letters.");
            return [.. words.Take(MaxWords).Select(w => errors.Text(PlainText.Line(w), MaxWord, field)).Distinct(StringComparer.Ordinal)];
        }
    }
}
