using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

/// <summary>A picture on its way in, in a temporary file that goes with it: libvips reads it from there, and memory stays flat.</summary>
public sealed class UploadFile : IDisposable
{
    /// <summary>20 MB.</summary>
    public const long MaxBytes = 20 * 1024 * 1024;

    private const string Prefix = "platform-media-";
    private readonly FileStream _stream;

    public UploadFile()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Prefix + Guid.NewGuid().ToString("N"));
        _stream = new FileStream(Path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
    }

    public string Path { get; }

    /// <exception cref="Problem">413 <c>request.tooLarge</c>.</exception>
    public async Task Write(Stream source, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await source.ReadAsync(buffer, ct)) > 0;)
        {
            if (_stream.Position + read > MaxBytes) throw new Problem(413, "request.tooLarge", "A picture may have 20 MB.");
            await _stream.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        await _stream.FlushAsync(ct);
    }

    /// <summary>Deletes what killed processes left in the temporary folder.</summary>
    public static void Sweep(DateTimeOffset before)
    {
        foreach (var file in new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateFiles(Prefix + "*"))
            if (file.LastWriteTimeUtc < before.UtcDateTime) file.Delete();
    }

    public void Dispose() => _stream.Dispose();
}
