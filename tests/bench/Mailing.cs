using System.Diagnostics;
using System.Text.RegularExpressions;
using MimeKit;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>From an editor's publishing request to the mails that an SMTP server has accepted.</summary>
public sealed class Mailing(Target platform, SmtpSink sink, Options options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private int _articles = 2_000_000;

    public async Task Run()
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var count in options.Subscribers)
        {
            var category = await platform.NewCategory();
            await Subscribe(category, count);
            await Publish(category, count);     // compiled by now
            await Profile.Settled();
            var rounds = new List<(double First, double Last, string Ledger)>();
            for (var i = 0; i < (count < 10_000 ? options.Rounds : 2); i++)
                rounds.Add(await Profile.During($"mails to {count:N0}", () => Publish(category, count), _ => count));
            var last = rounds.Select(r => r.Last).Median();
            rows.Add([$"mails to {count:N0}", $"{rounds.Select(r => r.First).Median():N2}", $"{last:N2}", count == 1 ? "" : $"{count / last * 60:N0}", rounds[^1].Ledger, count == 1 ? "first 1.00" : "30,000/min"]);
        }
        if (options.Reports("mails")) Table.Print("subscribers", ["first s", "last s", "mails/min", "ledger", "aim"], rows);
    }

    /// <summary>Publishes one article.</summary>
    /// <returns>Seconds from the request to the first and to the last mail accepted; and what the dispatch says once it is done.</returns>
    private async Task<(double First, double Last, string Ledger)> Publish(string category, int count)
    {
        var draft = await platform.Draft(category, Interlocked.Increment(ref _articles));
        var (accepted, first, last) = (0, 0L, 0L);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.OnData = _ =>
        {
            var n = Interlocked.Increment(ref accepted);
            if (n == 1) first = Stopwatch.GetTimestamp();
            if (n == count) { last = Stopwatch.GetTimestamp(); all.TrySetResult(); }
            return SinkAnswer.Accept;
        };
        var start = Stopwatch.GetTimestamp();
        await platform.Publish(draft);
        await Task.WhenAny(all.Task, Task.Delay(Limit));
        var dispatch = await Eventually.Get(async () =>
        {
            var found = await platform.Get("/api/dispatches?articleId=" + draft.GetProperty("id").GetString());
            return found.GetProperty("items").EnumerateArray().Where(d => d.GetProperty("phase").GetString() == "done").Select(d => d.GetRawText()).FirstOrDefault();
        }, "the dispatch to be done", Limit);
        sink.OnData = null;
        using var told = System.Text.Json.JsonDocument.Parse(dispatch);
        long Of(string name) => told.RootElement.GetProperty(name).GetInt64();
        return (Stopwatch.GetElapsedTime(start, first).TotalSeconds, Stopwatch.GetElapsedTime(start, last).TotalSeconds,
            $"{Of("sent")} sent" + (Of("sent") == count && accepted == count ? "" : $", {Of("failed")} failed, {Of("uncertain")} uncertain; {accepted} accepted"));
    }

    /// <summary>Subscribes through the API and confirms by the links in the mails.</summary>
    private async Task Subscribe(string category, int count)
    {
        Table.Say($"subscribing {count:N0}");
        var watch = Stopwatch.StartNew();
        var before = sink.Mails.Count;
        sink.Keep = true;
        await Each(Enumerable.Range(0, count), async i => (await platform.Reader.PostAsJsonAsync("/api/subscriptions", new
        {
            channel = "email",
            address = $"reader{i}@{category}.example",
            language = "ar",
            topics = new { categories = new[] { category } },
            schedule = new { kind = "instant" },
        })).EnsureSuccessStatusCode().Dispose());
        Table.Say($"  asked for after {watch.Elapsed.TotalSeconds:N0} s");
        await Eventually.True(() => sink.Accepted >= before + count, "the confirmation mails", Limit);
        Table.Say($"  mails after {watch.Elapsed.TotalSeconds:N0} s");
        sink.Keep = false;
        await Each(sink.Mails.Skip(before).Select(TokenIn), async token => (await platform.Reader.PostAsJsonAsync("/api/subscriptions/confirm", new { token })).EnsureSuccessStatusCode().Dispose());
        Table.Say($"  confirmed after {watch.Elapsed.TotalSeconds:N0} s");
    }

    private static Task Each<T>(IEnumerable<T> items, Func<T, Task> act) => Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (item, _) => await act(item));

    private static string TokenIn(SinkMail mail)
    {
        using var stream = new MemoryStream(mail.Raw.ToArray());
        using var message = MimeMessage.Load(stream);
        return Uri.UnescapeDataString(Regex.Match(message.TextBody ?? "", @"/subscriptions/confirm\?token=(\S+)").Groups[1].Value);
    }
}
