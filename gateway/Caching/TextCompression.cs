using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Platform.Gateway.Callers;

namespace Platform.Gateway.Caching;

/// <summary>Compresses text that is not kept; what is kept is compressed once (<see cref="CachedAnswer"/>). Event streams and pictures are left alone.</summary>
public static class TextCompression
{
    private static readonly string[] Types =
    [
        "text/html", "text/css", "text/plain", "text/csv", "text/xml", "text/javascript", "application/javascript", "application/json", "application/problem+json", "application/feed+json",
        "application/manifest+json", "application/xml", "application/rss+xml", "application/atom+xml", "image/svg+xml",
    ];

    public static bool IsText(string? contentType) => contentType is not null && Types.Contains(contentType.Split(';', 2)[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);

    public static void AddTextCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(o => { o.EnableForHttps = true; o.MimeTypes = Types; });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
    }

    /// <summary>For anonymous callers alone: in what staff see, secrets and text that others chose stand together, and sizes would tell (BREACH).</summary>
    public static void UseTextCompression(this IApplicationBuilder app) => app.UseWhen(http => http.Features.Get<Caller>() is null, anonymous => anonymous.UseResponseCompression());
}
