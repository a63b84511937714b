using System.Buffers.Binary;

namespace Platform.Comments.Moderation.Spam;

/// <summary>What one comment teaches: its features, and whether it is spam.</summary>
/// <param name="Weight">1 to learn it, -1 to forget it.</param>
public sealed record Lesson(IReadOnlyList<int> Features, bool IsSpam, int Weight = 1);

/// <summary>
/// A naive Bayesian filter: for each feature, in how many comments that moderators called spam, and in how many that they approved, it was. Scores are put together as G. Robinson has it
/// ("A Statistical Approach to the Spam Problem", Linux Journal 2003): the probabilities of single features, drawn towards a half where little is known of them, then by Fisher's method,
/// so that a text of which nothing speaks gets a half. Flat in memory: 2 x 32,768 counts of 16 bits, whatever it has learnt. Immutable.
/// </summary>
public sealed class SpamModel
{
    public const int Buckets = 1 << 15;

    /// <summary>Of each kind; with fewer it has no opinion.</summary>
    public const int FewestLessons = 30;

    /// <summary>Beyond it all counts are halved: what was long ago counts less, and no count runs over.</summary>
    private const int MostLessons = 50_000;

    /// <summary>The features that speak most clearly.</summary>
    private const int Clearest = 60;

    /// <summary>What says so little is left out.</summary>
    private const double Faint = 0.1;

    public static readonly SpamModel Empty = new(new ushort[Buckets], new ushort[Buckets], 0, 0);

    private readonly ushort[] _spam, _ham;

    private SpamModel(ushort[] spam, ushort[] ham, int spamLessons, int hamLessons) => (_spam, _ham, SpamLessons, HamLessons) = (spam, ham, spamLessons, hamLessons);

    public int SpamLessons { get; }
    public int HamLessons { get; }

    /// <summary>With more lessons; what is forgotten without having been learnt changes nothing.</summary>
    public SpamModel Learn(IEnumerable<Lesson> lessons)
    {
        ushort[] spam = [.. _spam], ham = [.. _ham];
        var (spamLessons, hamLessons) = (SpamLessons, HamLessons);
        foreach (var lesson in lessons)
        {
            var counts = lesson.IsSpam ? spam : ham;
            foreach (var feature in lesson.Features) counts[feature] = (ushort)Math.Clamp(counts[feature] + lesson.Weight, 0, ushort.MaxValue);
            if (lesson.IsSpam) spamLessons = Math.Max(0, spamLessons + lesson.Weight);
            else hamLessons = Math.Max(0, hamLessons + lesson.Weight);
            if (Math.Max(spamLessons, hamLessons) <= MostLessons) continue;
            foreach (var side in new[] { spam, ham })
                for (var i = 0; i < Buckets; i++) side[i] /= 2;
            (spamLessons, hamLessons) = (spamLessons / 2, hamLessons / 2);
        }
        return new(spam, ham, spamLessons, hamLessons);
    }

    /// <returns>0 (surely not) to 1 (surely spam); null where it has learnt too little.</returns>
    public double? Score(IReadOnlyList<int> features)
    {
        if (SpamLessons < FewestLessons || HamLessons < FewestLessons) return null;
        var clear = features.Select(Probability).Where(p => Math.Abs(p - 0.5) > Faint).OrderByDescending(p => Math.Abs(p - 0.5)).Take(Clearest).ToArray();
        if (clear.Length == 0) return 0.5;
        var spam = 1 - ChiSquared(-2 * clear.Sum(p => Math.Log(1 - p)), clear.Length);
        var ham = 1 - ChiSquared(-2 * clear.Sum(Math.Log), clear.Length);
        return (1 + spam - ham) / 2;
    }

    private double Probability(int feature)
    {
        double spam = _spam[feature] / (double)SpamLessons, ham = _ham[feature] / (double)HamLessons;
        var seen = _spam[feature] + _ham[feature];
        var probability = seen == 0 ? 0.5 : spam / (spam + ham);
        return (0.5 + (seen * probability)) / (1 + seen);   // in (0, 1): one imagined comment that says nothing
    }

    /// <summary>That chi squared with twice so many degrees of freedom is greater than this.</summary>
    private static double ChiSquared(double value, int halfDegrees)
    {
        var half = value / 2;
        var term = Math.Exp(-half);
        var sum = term;
        for (var i = 1; i < halfDegrees; i++)
        {
            term *= half / i;
            sum += term;
        }
        return Math.Min(sum, 1);
    }

    /// <summary>The counts, little-endian: all of spam, then all of the approved.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[4 * Buckets];
        for (var i = 0; i < Buckets; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), _spam[i]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * (Buckets + i)), _ham[i]);
        }
        return bytes;
    }

    public static SpamModel FromBytes(byte[] bytes, int spamLessons, int hamLessons)
    {
        if (bytes.Length != 4 * Buckets) return Empty;
        ushort[] spam = new ushort[Buckets], ham = new ushort[Buckets];
        for (var i = 0; i < Buckets; i++)
        {
            spam[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i));
            ham[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * (Buckets + i)));
        }
        return new(spam, ham, spamLessons, hamLessons);
    }
}
