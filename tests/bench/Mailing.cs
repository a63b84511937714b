using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using MongoDB.Driver;
using Platform.Notifications;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;
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
            if (count <= 10_000) await Subscribe(category, count);
            else await Write(category, count);
            if (count <= 10_000) await Publish(category, count);     // compiled by now
            await Profile.Settled();
            var rounds = new List<(double First, double Last, string Ledger)>();
            for (var i = 0; i < (count < 10_000 ? options.Rounds : count == 10_000 ? 2 : 1); i++)
                rounds.Add(await Profile.During($"mails to {count:N0}", () => Publish(category, count), _ => count));
            var last = rounds.Select(r => r.Last).Median();
            rows.Add([$"mails to {count:N0}", $"{rounds.Select(r => r.First).Median():N2}", $"{last:N2}", count == 1 ? "" : $"{count / last * 60:N0}", rounds[^1].Ledger, count == 1 ? "first 1.00" : "50,000/min"]);
        }
        if (options.Reports("mails")) rows.Add(["bare SMTP", "", "", $"{await Bare(options.Quick ? 2_000 : 20_000):N0}", "", ""]);
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

    /// <summary>The same client and sink without anything else: mails that are there already, over as many connections, from this process.</summary>
    /// <returns>Mails a minute.</returns>
    private async Task<double> Bare(int count)
    {
        Table.Say("bare SMTP");
        await Profile.Settled();
        var settings = new MailSettings(new Uri($"smtp://127.0.0.1:{sink.Port}"), "", new MailboxAddress("News", "news@example.org"), "localhost");
        await using var mailer = new SmtpMailer(settings, MailLimits.Default, TimeProvider.System, NullLogger<SmtpMailer>.Instance);
        var (text, html) = (Words.Sentence(1, 60), Words.Sentence(2, 400));   // about as long as ours
        var mails = Enumerable.Range(0, count).Select(i =>
        {
            var mail = MailParts.New(settings, Guid.CreateVersion7(), $"reader{i}@bare.example", Words.Sentence(i, 9), "ar", DateTimeOffset.UtcNow);
            mail.Message.Body = MailParts.Alternative(mail.Id, (text, MailParts.EncodingOf(text)), (html, MailParts.EncodingOf(html)));
            return mail;
        });
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(mails, new ParallelOptions { MaxDegreeOfParallelism = MailLimits.Default.Connections }, async (mail, _) => await mailer.Send(mail));
        return count / Stopwatch.GetElapsedTime(start).TotalMinutes;
    }

    /// <summary>Writes confirmed subscriptions straight into the store: by the API, so many would take longer than all else.</summary>
    private static async Task Write(string category, int count)
    {
        Table.Say($"writing {count:N0} subscribers");
        var (ok, uri) = Infrastructure.Run(Path.Combine(Infrastructure.Root, "deploy", "local", "store"), ["uri", "notifications"], TimeSpan.FromSeconds(20));
        if (!ok) throw new InvalidOperationException(uri);
        RuntimeHelpers.RunClassConstructor(typeof(MongoStore).TypeHandle);
        var url = MongoUrl.Create(uri.Trim());
        using var client = new MongoClient(url);
        var database = client.GetDatabase(url.DatabaseName ?? "notifications");
        RuntimeHelpers.RunClassConstructor(typeof(SubscriptionStore).TypeHandle);
        foreach (var some in Enumerable.Range(0, count).Chunk(1_000))
            await database.GetCollection<Subscription>("subscriptions").InsertManyAsync(some.Select(i =>
            {
                var preferences = new Preferences("ar", new Topics(false, [category], null, null, null), new Schedule(ScheduleKind.Instant));
                var (address, now) = ($"reader{i}@{category}.example", DateTimeOffset.UtcNow);
                return new Subscription(Guid.CreateVersion7(), 1, address, address, SubscriptionStatus.Confirmed, preferences, Wish.For(preferences).Keys, null, null, now, now, null, now.AddYears(100));
            }), new InsertManyOptions { IsOrdered = false });
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
