using System.Diagnostics;
using System.Xml;
using Platform.Articles.Imports.WordPress;
using Platform.Articles.Imports.Wxr;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>An import from where it is to its end: reads the file, takes its articles, hands its comments over. The position is written after each batch of items; each item may be taken twice.</summary>
public sealed class ImportRun(ImportStore imports, ImportFileStore files, ImportedPictures pictures, ArticleImporter importer, CommentHandover comments, CategoryStore categories, PlatformSettings settings, TimeProvider clock)
{
    private const int Batch = 24, AtOnce = 4, BatchLength = 3_000_000, PictureBatch = 200;
    private static readonly TimeSpan Progress = TimeSpan.FromSeconds(1);

    /// <returns>The import, over.</returns>
    public async Task<Import> Work(Import import, CancellationToken ct)
    {
        while (!import.IsOver)
        {
            try
            {
                import = import.Phase switch
                {
                    ImportPhase.Reading => await Read(import, ct),
                    ImportPhase.Pictures => await FindPictures(import, ct),
                    ImportPhase.Articles => await TakeArticles(import, ct),
                    _ => await HandOver(import, ct),
                };
            }
            catch (Exception e) when (e is WxrException or XmlException or Problem { Status: 400 })
            {
                // The head itself: broken items are caught where they are.
                import = await imports.Save((await imports.Find(import.Id, ct) ?? import).End(ImportPhase.Failed, clock.Now(), "It cannot be read: " + e.Message), [], ct);
            }
        }
        return import;
    }

    private async Task<Import> Read(Import import, CancellationToken ct)
    {
        await Shelf(import, ct);   // refuses a file whose head cannot be read
        await using var file = await files.Open(import.Id, 0, ct);
        var sections = new WxrSections(file, 0);
        var (total, watch) = (0L, Stopwatch.StartNew());
        for (; sections.Next(); total++)
        {
            ct.ThrowIfCancellationRequested();
            if (watch.Elapsed < Progress) continue;
            import = await imports.Save(import.Next with { Total = total, Attempts = 0 }, [], ct);
            watch.Restart();
        }
        var next = sections.Attachments > 0 && !import.DryRun ? ImportPhase.Pictures : ImportPhase.Articles;
        return await imports.Save(import.Next with { Phase = next, Total = total, Comments = sections.Comments, Attachments = sections.Attachments, Position = ImportPosition.Start, Attempts = 0 }, [], ct);
    }

    /// <summary>Attachments stand anywhere among the articles that show them, so they are all looked at first.</summary>
    private async Task<Import> FindPictures(Import import, CancellationToken ct)
    {
        var (shelf, namespaces) = await Shelf(import, ct);
        await using var file = await files.Open(import.Id, import.Position.Offset, ct);
        var sections = new WxrSections(file, import.Position.Offset);
        var batch = new List<WxrItem>();
        for (var number = import.Position.Item; sections.Next(); number++)
        {
            ct.ThrowIfCancellationRequested();
            if (batch.Count == PictureBatch)
            {
                await pictures.Describe(batch, shelf, ct);
                batch.Clear();
                import = await imports.Save(import.Next with { Position = new(number, sections.Offset, 0), Attempts = 0 }, [], ct);
            }
            var item = new WxrItem();
            try { WxrReader.Attachment(sections.Section, namespaces, item); }
            catch (Exception e) when (e is WxrException or XmlException) { continue; }   // the articles' phase reports it
            if (item.Type == "attachment") batch.Add(item);
        }
        await pictures.Describe(batch, shelf, ct);
        return await imports.Save(import.Next with { Phase = ImportPhase.Articles, Position = ImportPosition.Start, Attempts = 0 }, [], ct);
    }

    private async Task<Import> TakeArticles(Import import, CancellationToken ct)
    {
        var (shelf, namespaces) = await Shelf(import, ct);
        if (!import.DryRun) await importer.Shelve(shelf, ct);
        await using var file = await files.Open(import.Id, import.Position.Offset, ct);
        var sections = new WxrSections(file, import.Position.Offset);
        var number = import.Position.Item;
        var batch = new List<Entry>();
        var (length, watch) = (0, Stopwatch.StartNew());
        while (sections.Next())
        {
            // The same post twice: one after the other, so that the second finds the first.
            var read = ReadItem(sections, namespaces);
            if (batch.Count == Batch || length > BatchLength || batch.Exists(b => b.Item.Id == read.Item.Id))
            {
                import = await Take(import, batch, shelf, new(number, read.Offset, 0), watch, ct);
                batch.Clear();
                length = 0;
            }
            batch.Add(read with { Number = number++ });
            length += read.Item.Content.Length;
        }
        import = await Take(import, batch, shelf, new(number, sections.Offset, 0), watch, ct);
        var handOver = !import.DryRun && import.Comments > 0;
        return await imports.Save(handOver ? import.Next with { Phase = ImportPhase.Comments, Position = ImportPosition.Start } : import.End(ImportPhase.Done, clock.Now()), [], ct);
    }

    /// <param name="Broken">Why it cannot be read, or null.</param>
    private sealed record Entry(long Number, long Offset, WxrItem Item, string? Broken);

    private static Entry ReadItem(WxrSections sections, IReadOnlyDictionary<string, string> namespaces)
    {
        var (offset, item) = (sections.Offset, new WxrItem());
        string? broken = null;
        try { WxrReader.Item(sections.Section, namespaces, item); }
        catch (WxrException e) { broken = e.Message; }
        catch (XmlException e) { broken = $"Its XML is broken (from byte {offset} on): {WordPressText.Cut(e.Message, 200)}"; }
        return new(0, offset, item, broken);
    }

    private async Task<Import> Take(Import import, List<Entry> batch, ImportShelf shelf, ImportPosition position, Stopwatch watch, CancellationToken ct)
    {
        if (batch.Count == 0) return import;
        var results = new ImportResult[batch.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, batch.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, token) =>
            results[i] = batch[i].Broken is { } broken ? new(ImportOutcome.Failed, [broken]) : await importer.Take(batch[i].Item, shelf, import, token));
        // First the reports, which may be written twice; then what makes them count.
        var (failed, notes) = (import.Failed, import.Notes);
        foreach (var (read, result) in batch.Zip(results))
        {
            var isFailure = result.Outcome == ImportOutcome.Failed;
            if ((isFailure ? failed : notes) < Import.MaxReported * 2) await imports.Report(import.Id, isFailure, read.Number, [.. result.Notes.Select(n => new ImportNote(NameOf(read), n))], ct);
            if (isFailure) failed++;
            else notes += result.Notes.Count;
        }
        var worked = watch.Elapsed.TotalSeconds;
        watch.Restart();
        int Count(ImportOutcome outcome) => results.Count(r => r.Outcome == outcome);
        return await imports.Save(import.Next with
        {
            Position = position,
            Created = import.Created + Count(ImportOutcome.Created),
            Updated = import.Updated + Count(ImportOutcome.Updated),
            Skipped = import.Skipped + Count(ImportOutcome.Skipped),
            Failed = failed,
            Notes = notes,
            Worked = import.Worked + worked,
            Attempts = 0,
        }, [], ct);
    }

    private async Task<Import> HandOver(Import import, CancellationToken ct)
    {
        var (shelf, namespaces) = await Shelf(import, ct);
        await using var file = await files.Open(import.Id, import.Position.Offset, ct);
        return await comments.HandOver(import, new WxrSections(file, import.Position.Offset), namespaces, shelf, ct);
    }

    private async Task<(ImportShelf Shelf, IReadOnlyDictionary<string, string> Namespaces)> Shelf(Import import, CancellationToken ct)
    {
        await using var file = await files.Open(import.Id, 0, ct);
        var start = new byte[WxrProlog.MaxLength];
        var namespaces = WxrProlog.Check(start.AsSpan(0, await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, ct)));
        file.Seek(0, SeekOrigin.Begin);
        return (new ImportShelf(WxrReader.Head(new WxrSections(file, 0).Section), settings, await categories.Read(ct)), namespaces);
    }

    private static string NameOf(Entry read) => read.Item.Id.Length == 0 ? $"item {read.Number + 1}" : $"{read.Item.Type} {read.Item.Id}: {WordPressText.Cut(WordPressText.Line(read.Item.Title), 100)}";
}
