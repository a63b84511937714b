using System.Diagnostics;
using System.Text;
using Platform.Comments;
using Platform.Comments.Moderation;
using Platform.Comments.Moderation.Spam;

namespace Platform.Bench;

/// <summary>How fast comments are judged, in this process and by one thread: all rules with everything they know, and the word lists alone against long texts.</summary>
public sealed class Judging(Options options)
{
    private const int Entries = 10_000;

    public void Run()
    {
        Table.Say("rules");
        string[] words = [.. MadeUp()];
        var settings = new ModerationSettings { Mode = ModerationMode.Post, MaxLinks = 2, MinSecondsBetween = 10, BannedWords = words[..(words.Length / 2)], SuspectWords = words[(words.Length / 2)..] };
        _ = (settings.Banned, settings.Suspect);
        var facts = new ModerationFacts(new BanList(Enumerable.Range(0, 1000).Select(Ban)), new StaffNames([.. Enumerable.Range(0, 200).Select(n => $"محرر {Words.Sentence(n, 2)}")]), Taught());
        Submission[] comments = [.. Enumerable.Range(0, 512).Select(n => Submitted(n, settings, facts))];
        var (perSecond, held) = Judge(comments);
        Table.Print("all rules, one thread", ["comments/s", "held", "aim"], [[$"{words.Length:N0} words, 1,000 bans, 200 names; comments of 25 words", $"{perSecond:N0}", $"{held:P1}", "5,000/s"]]);

        var build = Stopwatch.StartNew();
        var list = new WordList(words);
        build.Stop();
        var patterns = new WordList(words.Select((w, i) => (i % 3) switch { 0 => w + "*", 1 => "*" + w, _ => "*" + w + "*" }));
        string[] texts = [.. Enumerable.Range(0, 16).Select(n => Long(n * 1000))];
        string[] hostile = [.. texts.Select(t => string.Concat(t.Take(4000).Select((c, i) => i % 7 == 0 && char.IsLetter(c) ? $"{c}{c}{c}\u0651\u200d" : c.ToString())))];
        Table.Print($"{words.Length:N0} entries against 10 KB", ["p50 ms", "p99 ms", "aim p99"],
        [
            ["words, a usual text", .. Measure(list, texts), "5"],
            ["words, every seventh letter stretched, marked and joined", .. Measure(list, hostile), "5"],
            ["patterns, a usual text", .. Measure(patterns, texts), "5"],
            ["patterns, every seventh letter stretched, marked and joined", .. Measure(patterns, hostile), "5"],
            ["making the list of words", $"{build.Elapsed.TotalMilliseconds:N1}", "", ""],
        ]);
    }

    private (double PerSecond, double Held) Judge(Submission[] comments)
    {
        var (count, held) = (0, 0);
        for (var warm = 0; warm < comments.Length; warm++) ModerationRules.ForGuests.Judge(comments[warm] with { });
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < options.Round * 2)
        {
            // A copy that has not folded its words yet: that is most of the work.
            var one = comments[count++ % comments.Length];
            var judged = ModerationRules.ForGuests.Judge(new Submission(one.Comment, one.Thread, one.Settings, one.Known, one.PreviousAt, one.Now) { Facts = one.Facts, From = one.From });
            if (judged.Status != CommentStatus.Published) held++;
        }
        return (count / watch.Elapsed.TotalSeconds, held / (double)count);
    }

    private IReadOnlyList<string> Measure(WordList list, string[] texts)
    {
        var times = new List<double>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < options.Round || times.Count < 100;)
        {
            var began = Stopwatch.GetTimestamp();
            list.FirstIn(new FoldedWords("", texts[times.Count % texts.Length]));
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        double[] sorted = [.. times.Skip(20).Order()];
        return [$"{sorted[sorted.Length / 2]:N2}", $"{sorted[(int)(sorted.Length * 0.99)]:N2}"];
    }

    /// <summary>About 10 KB of UTF-8: twice as many as a comment may have of letters of two bytes.</summary>
    private static string Long(int seed)
    {
        var text = new StringBuilder();
        for (var n = seed; Encoding.UTF8.GetByteCount(text.ToString()) < 10_000; n++) text.Append(Words.Sentence(n, 25)).Append(". ");
        return text.ToString();
    }

    /// <summary>About 10,000 made-up words that no comment has: what is not found is looked for longest.</summary>
    public static IReadOnlyList<string> MadeUp()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Entries).Select(_ => Word(random)).Distinct()];
    }

    private static string Word(Random random) => string.Create(random.Next(4, 9), random, static (span, r) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = "ضصثقغخجدشسطظذ"[r.Next(13)];
    });

    private static SpamModel Taught() => SpamModel.Empty.Learn(Enumerable.Range(0, 2000).Select(n => new Lesson(SpamFeatures.Of($"قارئ {n}", Words.Sentence(n * 7, 20) + (n % 4 == 0 ? " اربح الآن https://win.example/" + n : "")), n % 4 == 0)));

    private static Ban Ban(int n) => new()
    {
        Id = Guid.CreateVersion7(),
        Version = 1,
        Author = n % 3 == 0 ? Guid.NewGuid().ToByteArray() : null,
        Name = n % 3 == 1 ? "banned " + n : null,
        IpPrefix = n % 3 == 2 ? Comments.Moderation.Ban.ReadPrefix($"203.{n / 250}.{n % 250}.0/{24 - (n % 8)}")?.ToString() : null,
        Reason = "r",
        By = Guid.Empty,
        ByName = "",
        CreatedAt = DateTimeOffset.UnixEpoch,
        ChangedAt = DateTimeOffset.UnixEpoch,
    };

    private static Submission Submitted(int n, ModerationSettings settings, ModerationFacts facts)
    {
        var article = Guid.CreateVersion7();
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var comment = new Comment
        {
            Id = Guid.CreateVersion7(),
            Version = 1,
            ArticleId = article,
            Under = article,
            Name = $"قارئ {n}",
            Body = $"{Words.Sentence(n, 25)} {n}",
            Status = CommentStatus.Held,
            CreatedAt = now,
            ChangedAt = now,
            Staff = false,
            Author = Guid.NewGuid().ToByteArray(),
            RepeatKey = Guid.NewGuid().ToByteArray(),
        };
        return new(comment, new() { Id = article, Article = new(1, "ar", "t", "u", CommentsOpen: true, now, Withdrawn: false) }, settings, Known: true, PreviousAt: null, now) { Facts = facts, From = System.Net.IPAddress.Parse($"198.51.100.{n % 250}") };
    }
}
