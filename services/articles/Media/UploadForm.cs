using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

/// <summary>The form of an upload (multipart/form-data, RFC 7578), read part by part: <c>file</c>, <c>alt</c>, <c>caption</c>, <c>credit</c>, in any order, each once at most, and nothing else.</summary>
internal sealed class UploadForm : IDisposable
{
    /// <summary>What the parts' headers and the texts may add to the file.</summary>
    public const long MaxBody = UploadFile.MaxBytes + (64 * 1024);

    private const int MaxText = 16 * 1024;
    private static readonly string[] Fields = ["file", "alt", "caption", "credit"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, string> _texts = [];
    private UploadFile? _file;

    public UploadFile File => _file!;
    public PictureText Text { get; private set; } = null!;

    /// <exception cref="Problem">400 with errors; 413; 415 where it is no form.</exception>
    public static async Task<UploadForm> Read(HttpRequest request, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw new Problem(415, "request.mediaType", "Send multipart/form-data.");
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is not { Length: > 0 and <= 200 }) throw Malformed();
        var form = new UploadForm();
        try
        {
            await form.ReadParts(new MultipartReader(boundary, request.Body), ct);
            form.Check();
            return form;
        }
        catch (Exception e)
        {
            form.Dispose();
            // A body that ends early or is no multipart one; too long a body has an exception of its own, which is an IOException too.
            throw e is InvalidDataException or (IOException and not BadHttpRequestException) or DecoderFallbackException ? Malformed() : e;
        }
    }

    public void Dispose() => _file?.Dispose();

    private async Task ReadParts(MultipartReader reader, CancellationToken ct)
    {
        while (await reader.ReadNextSectionAsync(ct) is { } part)
        {
            var name = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
            if (name is null) throw Malformed();
            if (!Fields.Contains(name, StringComparer.Ordinal)) throw Problem.Invalid(name.Length <= 60 ? name : name[..60], "Unknown.");
            if (name == "file" ? _file is not null : _texts.ContainsKey(name)) throw Problem.Invalid(name, "Given more than once.");
            if (name == "file") await (_file = new UploadFile()).Write(part.Body, ct);
            else _texts[name] = await ReadText(part.Body, name, ct);
        }
    }

    private void Check()
    {
        try
        {
            Text = PictureText.Check(_texts.GetValueOrDefault("alt"), _texts.GetValueOrDefault("caption"), _texts.GetValueOrDefault("credit"));
        }
        catch (Problem e) when (_file is null && e.Errors is not null)
        {
            throw Problem.Invalid(new Dictionary<string, string[]>(e.Errors) { ["file"] = ["Required."] });
        }
        if (_file is null) throw Problem.Invalid("file", "Required.");
    }

    private static async Task<string> ReadText(Stream body, string name, CancellationToken ct)
    {
        var buffer = new byte[MaxText + 1];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return read <= MaxText ? Strict.GetString(buffer, 0, read) : throw Problem.Invalid(name, "Too long.");
    }

    private static Problem Malformed() => new(400, "request.malformed", "The body is not the multipart form that is expected here.");
}
