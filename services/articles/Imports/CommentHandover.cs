using System.Diagnostics;
using System.Xml;
using Platform.Articles.Imports.Wxr;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>
/// Hands readers' comments to Comments by message, in batches of one article each. The messages and the position behind them are one write, so that each comment is handed over
/// once or, killed before that write, again; and a new batch waits until the broker has taken most of those before, so that neither document nor memory grows.
/// </summary>
public sealed class CommentHandover(ImportStore imports, ImportedArticleStore articles, ImportSeal seal, TimeProvider clock)
{
    private const int MaxBatch = 100, MaxBatchLength = 100_000, MaxWaiting = 30, Messages = 20, Length = 400_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Progress = TimeSpan.FromSeconds(1);

    internal async Task<Import> HandOver(Import import, WxrSections sections, IReadOnlyDictionary<string, string> namespaces, ImportShelf shelf, CancellationToken ct)
    {
        var (number, passed) = (import.Position.Item, import.Position.Comment);
        var (waiting, length, handed) = (new List<CommentsImported>(), 0, 0);
        var watch = Stopwatch.StartNew();
        for (; sections.Next(); number++, passed = 0)
        {
            var offset = sections.Offset;
            if (watch.Elapsed > Progress) await Write(new(number, offset, 0));
            await foreach (var batch in Batches(import.Id, sections, namespaces, shelf, passed, ct))
            {
                waiting.Add(batch);
                handed += batch.Comments.Count;
                passed += batch.Comments.Count;
                length += batch.Comments.Sum(c => c.Body.Length + 200);
                if (waiting.Count >= Messages || length > Length) await Write(new(number, offset, passed));
            }
        }
        await Write(new(number, sections.Offset, 0));
        return await imports.Save(import.End(ImportPhase.Done, clock.Now()), [], ct);

        async Task Write(ImportPosition position)
        {
            while (waiting.Count > 0 && await imports.Waiting(import.Id, ct) > MaxWaiting - waiting.Count) await Task.Delay(Pause, ct);
            import = await imports.Save(import.Next with { Position = position, HandedOver = import.HandedOver + handed, Worked = import.Worked + watch.Elapsed.TotalSeconds, Attempts = 0 }, waiting, ct);
            waiting.Clear();
            (length, handed) = (0, 0);
            watch.Restart();
        }
    }

    /// <param name="passed">So many comments were handed over already.</param>
    private async IAsyncEnumerable<CommentsImported> Batches(Guid import, WxrSections sections, IReadOnlyDictionary<string, string> namespaces, ImportShelf shelf, long passed,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var item = new WxrItem();
        var thread = new ImportedThread(shelf.Language);
        var batch = new List<ImportedComment>();
        var length = 0;
        Guid? article = null;
        foreach (var comment in thread.InOrder(WholeOnes(WxrReader.Comments(sections.Section, namespaces, item))))
        {
            if (item.Type != "post") yield break;
            if (passed-- > 0) continue;
            article ??= await articles.FindId(shelf.KeyOf(item), ct);
            if (article is null) yield break;
            batch.Add(comment with { Email = comment.Email is { } email ? seal.Seal(email) : null });
            length += comment.Body.Length;
            if (batch.Count < MaxBatch && length < MaxBatchLength) continue;
            yield return Message();
        }
        if (batch.Count > 0) yield return Message();

        CommentsImported Message()
        {
            var message = new CommentsImported { ImportId = import, ArticleId = article!.Value, Comments = [.. batch] };
            batch.Clear();
            length = 0;
            return message;
        }
    }

    /// <summary>The comments up to where the item is broken; that it is, the articles' phase has reported.</summary>
    private static IEnumerable<WxrComment> WholeOnes(IEnumerable<WxrComment> comments)
    {
        using var each = comments.GetEnumerator();
        while (true)
        {
            try { if (!each.MoveNext()) yield break; }
            catch (Exception e) when (e is WxrException or XmlException) { yield break; }
            yield return each.Current;
        }
    }
}
