namespace Platform.Web;

/// <summary>Paths of the site's pages, percent-encoded, as the public contract has them.</summary>
public static class Links
{
    public static string Front(this Edition edition) => edition.Prefix + "/";
    public static string Article(this Edition edition, string slug) => Path(edition, "/articles/", slug);
    public static string Category(this Edition edition, string slug) => Path(edition, "/categories/", slug);
    public static string Tag(this Edition edition, string tag) => Path(edition, "/tags/", tag);
    public static string Author(this Edition edition, string slug) => Path(edition, "/authors/", slug);
    public static string Search(this Edition edition, string query = "") => edition.Prefix + "/search" + (query.Length == 0 ? "" : "?q=" + Uri.EscapeDataString(query));
    public static string Subscribe(this Edition edition) => edition.Prefix + "/subscribe";
    public static string Manage(this Edition edition, string manageToken) => Path(edition, "/subscriptions/", manageToken);

    /// <summary>The absolute public address of a path of ours.</summary>
    public static string Public(this Edition edition, string path) => edition.PublicUrl.ToString().TrimEnd('/') + path;

    /// <summary>An address as a page of ours asks for it: of the platform's own addresses only the path, so that no request leaves the origin the reader came to.</summary>
    public static string Local(this Edition edition, string url)
    {
        var root = edition.PublicUrl.ToString().TrimEnd('/');
        return url.StartsWith(root + "/", StringComparison.Ordinal) ? url[root.Length..] : url;
    }

    private static string Path(Edition edition, string folder, string name) => string.Concat(edition.Prefix, folder, Uri.EscapeDataString(name));
}
