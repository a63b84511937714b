using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

public enum ImportPhase
{
    /// <summary>The file is on its way; nobody is told of such an import yet.</summary>
    Receiving,

    /// <summary>Counting what is in the file.</summary>
    Reading,

    /// <summary>Looking up which of its pictures were given; part of reading, as far as anybody is told.</summary>
    Pictures,
    Articles,

    /// <summary>Handing the readers' comments over to Comments.</summary>
    Comments,
    Done,
    Failed,
}

/// <summary>Where an import goes on after whatever interrupted it.</summary>
/// <param name="Item">Number of the next item.</param>
/// <param name="Offset">Where it begins in the file, in bytes; 0 before the first.</param>
/// <param name="Comment">How many of its comments were handed over.</param>
public sealed record ImportPosition(long Item, long Offset, long Comment)
{
    public static readonly ImportPosition Start = new(0, 0, 0);
}

/// <summary>An import of a file: its state. Every write raises the version, so that of two workers one stops.</summary>
public sealed record Import : IDocument
{
    /// <summary>Failures and notes that an answer holds.</summary>
    public const int MaxReported = 1000;

    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required ImportPhase Phase { get; init; }

    /// <summary>Whether it only says what it would do.</summary>
    public required bool DryRun { get; init; }
    public required Guid By { get; init; }
    public string ByName { get; init; } = "";
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether its file is (perhaps) still there.</summary>
    public required bool HasFile { get; init; }

    /// <summary>Hash of caller and Idempotency-Key; null without one.</summary>
    public string? Key { get; init; }

    /// <summary>Hash of the file, once it is here.</summary>
    public string? File { get; init; }

    public long Total { get; init; }

    /// <summary>Readers' comments in the file, as counted while reading it.</summary>
    public long Comments { get; init; }

    /// <summary>Attachments in the file, likewise.</summary>
    public long Attachments { get; init; }
    public long Created { get; init; }
    public long Updated { get; init; }
    public long Skipped { get; init; }
    public long Failed { get; init; }
    public long Notes { get; init; }
    public long HandedOver { get; init; }
    public ImportPosition Position { get; init; } = ImportPosition.Start;

    /// <summary>Seconds that were spent on articles and comments, pauses after a crash not counted.</summary>
    public double Worked { get; init; }

    /// <summary>Why it failed as a whole.</summary>
    public string? Reason { get; init; }

    /// <summary>Runs since it last got on.</summary>
    public int Attempts { get; init; }

    public bool IsOver => Phase is ImportPhase.Done or ImportPhase.Failed;

    /// <summary>Items that the present phase is through with.</summary>
    public long Done => Phase == ImportPhase.Done ? Total : Phase is ImportPhase.Reading or ImportPhase.Pictures ? 0 : Position.Item;

    /// <summary>Seconds that are left at the pace so far; null while there is no pace, 0 at the end. An article weighs as much as twenty comments.</summary>
    public long? EtaSeconds
    {
        get
        {
            if (IsOver) return 0;
            var done = (Phase == ImportPhase.Articles ? Position.Item : Phase == ImportPhase.Comments ? Total : 0) + (HandedOver / 20.0);
            var all = Total + (DryRun ? 0 : Comments / 20.0);
            return done <= 0 || Worked <= 0 ? null : (long)Math.Ceiling(Math.Max(0, all - done) / done * Worked);
        }
    }

    public Import Next => this with { Version = Version + 1 };

    public Import End(ImportPhase phase, DateTimeOffset now, string? reason = null) => Next with { Phase = phase, EndedAt = now, Reason = reason };
}

/// <summary>Something that an editor should know of an item.</summary>
/// <param name="Item">Which one: post id and title.</param>
public sealed record ImportNote(string Item, string Reason);
