using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Platform.Articles.Imports.Wxr;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>An editor brings another site's articles.</summary>
public static class StartImport
{
    public const long MaxLength = 1L << 30;

    /// <param name="Id">Ask <c>/api/imports/{id}</c> how it goes.</param>
    public sealed record ImportStarted(Guid Id);

    /// <summary>Takes a WordPress export (WXR 1.2) as <c>application/xml</c>, up to 1 GB, and begins to import it. With <c>dryRun=true</c> nothing is changed: the report says what would be.</summary>
    /// <returns>
    /// 202 with Location; 400 <c>import.dtd</c>, <c>import.notXml</c>, <c>import.notWxr</c>, <c>import.encoding</c>; 413; 415.
    /// With Idempotency-Key: the same import for the same file, 409 <c>idempotency.inProgress</c>, 422 <c>idempotency.mismatch</c>.
    /// </returns>
    public static async Task<IResult> Handle(HttpContext http, CurrentUser user, ImportStore imports, ImportFileStore files, ImportSignal signal, Audit audit, PlatformSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var dryRun = http.Request.Query["dryRun"].ToString() switch { "" or "false" => false, "true" => true, _ => throw Problem.Invalid("dryRun", "true or false.") };
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || (type.MediaType != "application/xml" && type.MediaType != "text/xml"))
            throw new Problem(415, "request.mediaType", "Send application/xml in UTF-8.");
        var key = Key(http, user, dryRun, settings);
        var head = await ReadHead(http.Request.Body, ct);
        WxrProlog.Check(head.Span);
        if (key is not null && await imports.FindByKey(key, ct) is { } earlier) return await Again(earlier, head, http, settings, ct);

        var import = new Import { Id = Guid.CreateVersion7(), Version = 1, Phase = ImportPhase.Receiving, DryRun = dryRun, By = user.Id, ByName = user.Name, StartedAt = clock.Now(), HasFile = true, Key = key };
        if (!await imports.Insert(import, ct)) throw Idempotency.InProgress();
        try
        {
            string hash;
            await using (var file = await files.Create(import.Id, ct)) hash = await Copy(head, http.Request.Body, file, ct);
            await audit.Record(user, "imported", new AuditSubject("import", import.Id.ToString()), new() { ["dryRun"] = dryRun ? "true" : "false" }, ct);
            await imports.Save(import.Next with { Phase = ImportPhase.Reading, File = hash }, [], ct);
        }
        catch
        {
            // What is left where this does not succeed either is found by the worker.
            await files.Delete(import.Id, CancellationToken.None);
            await imports.Delete(import.Id, CancellationToken.None);
            throw;
        }
        signal.Raise();
        return Accepted(import.Id, settings);
    }

    private static IResult Accepted(Guid id, PlatformSettings settings) => TypedResults.Accepted(settings.Public($"/api/imports/{id}"), new ImportStarted(id));

    private static async Task<IResult> Again(Import earlier, ReadOnlyMemory<byte> head, HttpContext http, PlatformSettings settings, CancellationToken ct)
    {
        if (earlier.File is null) throw Idempotency.InProgress();
        return await Copy(head, http.Request.Body, Stream.Null, ct) == earlier.File ? Accepted(earlier.Id, settings) : throw Idempotency.Mismatch();
    }

    /// <summary>The usual handling of the key would write the body to a disk first, only to hash it.</summary>
    private static string? Key(HttpContext http, CurrentUser user, bool dryRun, PlatformSettings settings) =>
        Idempotency.KeyOf(http) is not { } key ? null : Convert.ToHexString(HMACSHA256.HashData(settings.Key("idempotency"), Encoding.UTF8.GetBytes($"{user.Id}\nimports {dryRun}\n{key}")));

    private static async Task<ReadOnlyMemory<byte>> ReadHead(Stream body, CancellationToken ct)
    {
        var head = new byte[WxrProlog.MaxLength];
        return head.AsMemory(0, await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct));
    }

    private static async Task<string> Copy(ReadOnlyMemory<byte> head, Stream body, Stream file, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        for (var piece = head; piece.Length > 0; piece = buffer.AsMemory(0, await body.ReadAsync(buffer, ct)))
        {
            hash.AppendData(piece.Span);
            await file.WriteAsync(piece, ct);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
