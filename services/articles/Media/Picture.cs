using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Media;

/// <summary>What is said of a picture: checked, in NFC.</summary>
/// <param name="Alt">What it shows, for those who don't see it; at most 1,000 characters, never empty.</param>
/// <param name="Caption">At most 1,000 characters, or null.</param>
/// <param name="Credit">Who made it; at most 200 characters, or null.</param>
public sealed record PictureText(string Alt, string? Caption, string? Credit)
{
    /// <exception cref="Problem">400 with every wrong field.</exception>
    public static PictureText Check(string? alt, string? caption, string? credit)
    {
        var errors = new FieldErrors();
        var text = new PictureText(Normaliser.OneLine(errors.Text(alt, 1000)), Line(errors.OptionalText(caption, 1000)), Line(errors.OptionalText(credit, 200)));
        errors.ThrowIfAny();
        return text;
    }

    private static string? Line(string? text) => text is null ? null : Normaliser.OneLine(text);
}

/// <summary>
/// A picture of the library. What it shows never changes: its files are written before it and never after; the text may change.
/// It is readers' to see exactly while a published article shows it (<see cref="PictureUseStore"/>), which is nowhere noted.
/// </summary>
public sealed record Picture : IDocument
{
    private const int MaxWords = 200;
    private static readonly int[] UsualWidths = [320, 640, 960, 1600];

    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required PictureText Text { get; init; }

    /// <summary>Of the picture that was uploaded, the right way up, in pixels.</summary>
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>The upload that its files are of; another one of the same picture has files of its own (<see cref="PictureFileStore"/>).</summary>
    public required Guid Upload { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }

    /// <summary>Sites and attachments that it was on them, such as <c>news.example/123</c>, as far as an import said so; by these imported articles find it.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Whether nobody has put words to it: a file that was given for an import has only its name.</summary>
    public bool IsUntold { get; init; }

    /// <summary>The words of the text in comparison form, by which it is found. Derived; an init accessor makes it a stored field.</summary>
    public IReadOnlyList<string> Words { get => [.. WordsOf($"{Text.Alt} {Text.Caption} {Text.Credit}").Take(MaxWords)]; init { } }

    /// <summary>The widths there are, the smallest first.</summary>
    public IReadOnlyList<int> Widths => WidthsOf(Width);

    public int Widest => Widths[^1];

    /// <summary>The usual widths that the picture fills; it is never blown up, so that the last one may be its own.</summary>
    public static IReadOnlyList<int> WidthsOf(int width) => width >= UsualWidths[^1] ? UsualWidths : [.. UsualWidths.Where(w => w < width), width];

    /// <summary>The height that keeps the proportions; one pixel at least.</summary>
    public static int HeightAt(int width, int fullWidth, int fullHeight) => Math.Max(1, (int)Math.Round((double)fullHeight * width / fullWidth, MidpointRounding.AwayFromZero));

    public int HeightAt(int width) => HeightAt(width, Width, Height);

    /// <summary>Where a variant is, as a path: <c>/media/{id}/{width}.webp</c>; the same with <c>.jpeg</c> is there too.</summary>
    public static string Path(Guid id, int width) => FormattableString.Invariant($"/media/{id}/{width}.webp");

    /// <summary>Words in comparison form, each once.</summary>
    public static IEnumerable<string> WordsOf(string text) => Normaliser.Words(text).Distinct();

    /// <exception cref="Problem">403: writers change what they have uploaded themselves.</exception>
    public Picture Describe(PictureText text, CurrentUser user)
    {
        if (!user.IsEditor && user.Id != CreatedBy) throw Problem.Forbidden("media.notYours", "Writers change the text of their own pictures; ask an editor.");
        return text == Text && !IsUntold ? this : this with { Version = Version + 1, Text = text, IsUntold = false };
    }

    /// <summary>What an import says of it; words only where nobody has put any to it.</summary>
    public Picture Imported(string origin, PictureText? text)
    {
        var known = Origins.Contains(origin);
        return known && (!IsUntold || text is null) ? this
            : this with { Version = Version + 1, Origins = known ? Origins : [.. Origins, origin], Text = IsUntold && text is not null ? text : Text, IsUntold = IsUntold && text is null };
    }
}
