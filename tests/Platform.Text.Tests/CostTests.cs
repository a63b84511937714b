using Shouldly;
using Xunit;

namespace Platform.Text.Tests;

/// <summary>Ten times the text costs ten times the work, whatever is in it. Bytes allocated are counted, since they are the same in every run and time is not.</summary>
public sealed class CostTests
{
    private const int Few = 4_000, Many = 10 * Few;

    public static TheoryData<string, string> Hostile => new()
    {
        { "letters", "ا" },
        { "words", "واشنطن تريد " },
        { "marks on nothing", "\u0301" },
        { "marks of two classes in turn", "\u0301\u0323" },
        { "the ligature of eighteen letters", "\ufdfa" },
        { "harakat as presentation forms", "\ufe76" },
        { "Korean letters to compose", "\u1100\u1161\u11a8" },
        { "bidi controls", "\u202e\u2067" },
        { "zero-width joiners", "\u200d" },
        { "lone surrogates", "\ud800" },
        { "pairs beyond the first plane", "\ud835\udc01" },
        { "control characters", "\u0001" },
        { "white space", "\u2003 \t" },
        { "hyphens", "a-" },
        { "tatweel", "ـ" },
        { "particles", "ولل" },
        { "one endless word of clusters", "q\u0323\u0307" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Any_text_is_normalised_in_linear_work(string what, string piece)
    {
        var (few, many) = (Repeat(piece, Few), Repeat(piece, Many));
        foreach (var (name, use) in Uses)
        {
            use(many);   // once before counting: what is made at the first use, and buffers that are used again
            var ratio = (double)Allocated(() => use(many)) / Math.Max(Allocated(() => use(few)), 1024);
            ratio.ShouldBeLessThan(12, $"{name} of {what}");
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nothing_grows_beyond_its_bound(string what, string piece)
    {
        var text = Repeat(piece, Few);
        Normaliser.Nfc(text).Length.ShouldBeLessThanOrEqualTo(3 * text.Length, what);
        Normaliser.OneLine(text).Length.ShouldBeLessThanOrEqualTo(3 * text.Length, what);
        Normaliser.Fold(text).Length.ShouldBeLessThanOrEqualTo(18 * text.Length, what);
        Normaliser.Words(text).Sum(w => w.Length).ShouldBeLessThanOrEqualTo(18 * text.Length, what);
        Slug.From(text).EnumerateRunes().Count().ShouldBeLessThanOrEqualTo(Slug.MaxLength, what);
        Clitics.Forms(Normaliser.Fold(text)).Count.ShouldBeLessThanOrEqualTo(4, what);
    }

    private static readonly (string Name, Action<string> Use)[] Uses =
    [
        (nameof(Normaliser.Nfc), t => Normaliser.Nfc(t)),
        (nameof(Normaliser.OneLine), t => Normaliser.OneLine(t)),
        (nameof(Normaliser.Fold), t => Normaliser.Fold(t)),
        (nameof(Normaliser.Words), t => Normaliser.Words(t).Count()),
        (nameof(Slug.From), t => Slug.From(t)),
        (nameof(Slug.IsSlug), t => Slug.IsSlug(t)),
        (nameof(Clitics.Forms), t => Clitics.Forms(t)),
    ];

    private static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
