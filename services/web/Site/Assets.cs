using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Web;

/// <summary>
/// Stylesheet, script, icon and fonts: read from the assembly once at start, named by the hash of their content
/// (<c>/assets/site.3f2a9c01d4.css</c>) and so kept by browsers for a year. Text is compressed once, here.
/// </summary>
public sealed partial class Assets
{
    private const string Folder = "/assets/";
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    private readonly Dictionary<string, string> _paths = [];
    private readonly Dictionary<string, Asset> _files = [];

    public Assets()
    {
        // Fonts first: the stylesheet names them, so that its own hash follows theirs.
        foreach (var name in Names().OrderBy(n => n.EndsWith(".css", StringComparison.Ordinal)))
        {
            var content = Read(name);
            if (name.EndsWith(".css", StringComparison.Ordinal))
                content = Encoding.UTF8.GetBytes(Url().Replace(Encoding.UTF8.GetString(content), m => $"url({this[m.Groups["name"].Value]})"));
            var extension = Path.GetExtension(name);
            var path = $"{Folder}{name[..^extension.Length]}.{Convert.ToHexStringLower(SHA256.HashData(content))[..10]}{extension}";
            _paths[name] = path;
            _files[path] = new Asset(Types[extension], content, extension == ".woff2" ? null : Compress(content));
        }
    }

    /// <summary>Where the file is served, such as <c>/assets/site.3f2a9c01d4.css</c> for <c>site.css</c>.</summary>
    public string this[string name] => _paths[name];

    /// <summary>Serves them all: 200, good for a year.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, asset) in _files) routes.MapMethods(path, Pages.Read, (HttpContext http) => Serve(http, asset));
    }

    /// <summary>Serves a file at an address that does not change with it: browsers ask each time.</summary>
    public Task ServeUnnamed(HttpContext http, string name) => Serve(http, _files[_paths[name]], "no-cache");

    private static Task Serve(HttpContext http, Asset asset, string cache = "public, max-age=31536000, immutable")
    {
        var brotli = asset.Brotli is not null && http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.OrdinalIgnoreCase);
        var body = brotli ? asset.Brotli! : asset.Content;
        var headers = http.Response.Headers;
        headers.CacheControl = cache;
        headers.ContentType = asset.Type;
        headers.ContentLength = body.Length;
        if (asset.Brotli is not null) headers.Vary = "Accept-Encoding";
        if (brotli) headers.ContentEncoding = "br";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static IEnumerable<string> Names() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith("Assets/", StringComparison.Ordinal)).Select(n => n["Assets/".Length..]);

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Assets/" + name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static byte[] Compress(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize)) brotli.Write(content);
        return compressed.ToArray();
    }

    private sealed record Asset(string Type, byte[] Content, byte[]? Brotli);

    [GeneratedRegex(@"url\((?<name>[^)]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();
}
