using Platform.ServiceDefaults;

namespace Platform.Articles.Body;

/// <summary>Which addresses a body may hold. What is answered is the address as a browser would understand it, percent-encoded.</summary>
public sealed class BodyLinks(PlatformSettings settings)
{
    private const int MaxLength = 2000;

    /// <summary>The path that comes before the site's own ones; empty unless the site lives in a folder.</summary>
    public string Prefix => settings.PublicUrl.AbsolutePath.TrimEnd('/');

    /// <summary>A link to http, https or mailto; one to the site itself may be a path.</summary>
    /// <returns>Null for anything else.</returns>
    public string? Link(string value)
    {
        if (Resolve(value) is not { } uri) return null;
        if (uri.Scheme == Uri.UriSchemeMailto) return uri.AbsoluteUri;
        return uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? Written(value, uri) : null;
    }

    /// <summary>A picture of this site's own media.</summary>
    /// <returns>Null for one from elsewhere.</returns>
    public string? Picture(string value) =>
        Resolve(value) is { } uri && IsOwn(uri) && uri.AbsolutePath.StartsWith(Prefix + "/media/", StringComparison.Ordinal) && uri.Query.Length == 0 ? Written(value, uri) : null;

    /// <summary>Browsers take control characters out of an address, and read a backslash as a slash (WHATWG URL, 4.4).</summary>
    private Uri? Resolve(string value)
    {
        if (value.Length > MaxLength) return null;
        var cleaned = string.Concat(value.Where(c => !char.IsControl(c))).Trim().Replace('\\', '/');
        if (cleaned.Length == 0 || !FieldErrors.IsWellFormed(cleaned)) return null;
        // Relative ones only as a path from the root: from where else they would lead depends on the page.
        var resolved = cleaned[0] == '/' ? Uri.TryCreate(settings.PublicUrl, cleaned, out var uri) : Uri.TryCreate(cleaned, UriKind.Absolute, out uri);
        return resolved ? uri : null;
    }

    private bool IsOwn(Uri uri) => uri.Scheme == settings.PublicUrl.Scheme && uri.Authority == settings.PublicUrl.Authority;

    /// <summary>A path stays a path, so that bodies do not hold the site's address where their writer did not.</summary>
    private string Written(string value, Uri uri) => value.TrimStart()[0] == '/' && IsOwn(uri) ? uri.PathAndQuery + uri.Fragment : uri.AbsoluteUri;
}
