using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>
/// A newspaper's archive, written straight into the store: articles of 200 to 600 words from a vocabulary whose words are as unequally frequent as those of a language (Zipf),
/// a third of them with an article or a particle before them. The same for the same number.
/// </summary>
public sealed class Archive(string category, int count)
{
    private const int Vocabulary = 40_000, Batch = 200, Categories = 20;
    private static readonly string[] Letters = [.. "ابتثجحخدذرزسشصضطظعغفقكلمنهوي".Select(c => c.ToString())];
    private static readonly string[] Before = ["ال", "ال", "ال", "وال", "بال", "لل", "و", "ب", "ل"];
    private static readonly string[] Behind = ["ة", "ات", "ين", "ها", "ية"];

    private readonly string[] _words = [.. Enumerable.Range(0, Vocabulary).Select(Word)];
    private readonly double[] _upTo = Frequencies();

    public IReadOnlyList<Guid> Ids { get; } = [.. Enumerable.Range(0, count).Select(i => Guid.CreateVersion7(Start.AddMinutes(i)))];

    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A word as readers search for it, from those that are neither in every article nor in none.</summary>
    public string Searched(Random random) => _words[random.Next(50, 5_000)];

    public async Task Write()
    {
        var (ok, uri) = Infrastructure.Run(Path.Combine(Infrastructure.Root, "deploy", "local", "store"), ["uri", "articles"], TimeSpan.FromSeconds(20));
        if (!ok) throw new InvalidOperationException(uri);
        var url = MongoUrl.Create(uri.Trim());
        using var client = new MongoClient(url);
        var articles = client.GetDatabase(url.DatabaseName).GetCollection<BsonDocument>("articles");
        var started = Stopwatch.GetTimestamp();
        var told = started;
        for (var done = 0; done < count; done += Batch)
        {
            await articles.InsertManyAsync(Enumerable.Range(done, Math.Min(Batch, count - done)).Select(Article), new InsertManyOptions { IsOrdered = false });
            if (Stopwatch.GetElapsedTime(told) < TimeSpan.FromSeconds(5)) continue;
            told = Stopwatch.GetTimestamp();
            var rate = (done + Batch) / Stopwatch.GetElapsedTime(started).TotalSeconds;
            Table.Say($"  {done + Batch:N0} of {count:N0} articles written, {rate:N0} per second, {(count - done - Batch) / rate:N0} s remaining");
        }
    }

    private BsonDocument Article(int number)
    {
        var random = new Random(number);
        var id = Ids[number];
        var at = Start.AddMinutes(number).UtcDateTime;
        var blocks = Enumerable.Range(0, random.Next(4, 13)).Select(_ => Sentence(random, 50)).ToList();
        var (none, creator) = (new BsonArray(), new BsonBinaryData(Guid.Empty, GuidRepresentation.Standard));
        return new BsonDocument
        {
            ["_id"] = new BsonBinaryData(id, GuidRepresentation.Standard),
            ["version"] = 2L,
            ["status"] = "Published",
            ["slug"] = $"archive-{number}",
            ["slugs"] = new BsonArray { $"archive-{number}" },
            ["edition"] = 1,
            ["publishedAt"] = at,
            ["createdAt"] = at,
            ["createdBy"] = creator,
            ["updatedAt"] = at,
            ["updatedBy"] = creator,
            ["changedAt"] = at,   // long ago: whoever follows changes has nothing to do while this is written
            ["corrections"] = none,
            ["commentCount"] = 0L,
            ["commentCountVersion"] = 0L,
            ["content"] = new BsonDocument
            {
                ["language"] = "ar",
                ["title"] = Sentence(random, 9),
                ["summary"] = Sentence(random, 25),
                ["dateline"] = new BsonDocument("place", "بغداد"),
                ["body"] = string.Concat(blocks.Select(b => $"<p>{b}</p>")),
                ["text"] = string.Join('\n', blocks),
                ["categories"] = new BsonArray { number % Categories == 0 ? category : $"{category}-{number % Categories}" },
                ["tags"] = none,
                ["tagKeys"] = none,
                ["authors"] = none,
                ["breaking"] = false,
                ["commentsOpen"] = true,
            },
        };
    }

    private string Sentence(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Written(random)));

    private string Written(Random random)
    {
        var place = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        var word = _words[Math.Min(Vocabulary - 1, place < 0 ? ~place : place)];
        return random.Next(9) switch { < 3 => Before[random.Next(Before.Length)] + word, 3 => word + Behind[random.Next(Behind.Length)], _ => word };
    }

    private static string Word(int number)
    {
        var random = new Random(number);
        return string.Concat(Enumerable.Range(0, number < 100 ? 2 + random.Next(2) : 3 + random.Next(4)).Select(_ => Letters[random.Next(Letters.Length)]));
    }

    private static double[] Frequencies()
    {
        var sum = 0.0;
        return [.. Enumerable.Range(1, Vocabulary).Select(rank => sum += 1.0 / rank)];
    }
}
