namespace Platform.Articles.Imports.Wxr;

/// <summary>The vocabularies of an export. Versions 1.0 to 1.2 differ in nothing that is read here but their addresses.</summary>
internal static class WxrNames
{
    private const string Export = "http://wordpress.org/export/";

    public static bool IsExport(string uri) => uri.StartsWith(Export, StringComparison.Ordinal);

    /// <summary>A name with the usual prefix, such as <c>wp:post_id</c>, whatever prefix the file has for it; null for other vocabularies.</summary>
    public static string? Of(string uri, string name) => uri switch
    {
        "" => name,
        "http://purl.org/rss/1.0/modules/content/" => "content:" + name,
        "http://purl.org/dc/elements/1.1/" => "dc:" + name,
        _ when IsExport(uri) => (uri.TrimEnd('/').EndsWith("excerpt", StringComparison.Ordinal) ? "excerpt:" : "wp:") + name,
        _ => null,
    };
}

/// <summary>A part of an export cannot be read. The message is for the editor.</summary>
public sealed class WxrException(string message) : Exception(message);
