namespace Platform.Articles.Search;

/// <summary>
/// A folder that this process alone uses: under PLATFORM_DATA, where it is found again after a restart, else a temporary one. Replicas on one machine take one
/// each; the system gives a dead process's back (flock(2)).
/// </summary>
public sealed class IndexFolder : IDisposable
{
    private const int MaxReplicas = 64;

    private readonly FileStream _lock;
    private readonly string? _temporary;

    private IndexFolder(string path, FileStream held, string? temporary) => (Path, _lock, _temporary) = (path, held, temporary);

    /// <summary>Where the index's files lie.</summary>
    public string Path { get; }

    /// <param name="data">PLATFORM_DATA, or null.</param>
    /// <exception cref="IOException">No folder can be had.</exception>
    public static IndexFolder Take(string? data)
    {
        if (string.IsNullOrEmpty(data))
        {
            var temporary = Directory.CreateTempSubdirectory("platform-search-").FullName;
            return TryTake(temporary, temporary) ?? throw new IOException($"{temporary} is locked.");
        }
        for (var replica = 1; replica <= MaxReplicas; replica++)
            if (TryTake(System.IO.Path.Combine(data, "search", replica == 1 ? "articles" : $"articles-{replica}"), temporary: null) is { } folder) return folder;
        throw new IOException($"{MaxReplicas} processes use the folders in {data}/search already.");
    }

    /// <summary>Deletes the index; the folder stays ours.</summary>
    public void Clear()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        Directory.CreateDirectory(Path);
    }

    public void Dispose()
    {
        _lock.Dispose();
        if (_temporary is null) return;
        try { Directory.Delete(_temporary, recursive: true); }
        catch (IOException) { }   // the system empties its folder of temporary files itself
    }

    private static IndexFolder? TryTake(string folder, string? temporary)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var held = new FileStream(System.IO.Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var index = System.IO.Path.Combine(folder, "index");
            Directory.CreateDirectory(index);
            return new IndexFolder(index, held, temporary);
        }
        catch (IOException) when (File.Exists(System.IO.Path.Combine(folder, "lock")))
        {
            return null;    // another process has it
        }
    }
}
