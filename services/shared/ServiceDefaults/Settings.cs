using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>A setting is missing or wrong. The message is one line that says what to do; the process ends with it.</summary>
public sealed class SettingException(string message) : Exception(message);

/// <summary>What every part is told by its environment, checked once at start.</summary>
public sealed class PlatformSettings
{
    private readonly string _secret;

    public PlatformSettings(IConfiguration configuration)
    {
        PublicUrl = Absolute(configuration, "PLATFORM_PUBLIC_URL", "http://localhost:8080");
        Languages = (configuration["PLATFORM_LANGUAGES"] ?? "ar,en").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Languages.Count == 0 || Languages.Any(l => !IsLanguage(l)))
            throw new SettingException("PLATFORM_LANGUAGES must be language codes with commas between them, the site's own first, such as 'ar,en'.");
        var secret = configuration["SERVICE_SECRET"] ?? throw new SettingException("SERVICE_SECRET is not set: give each service at least 32 random characters of its own (deploy/up does).");
        if (secret.Length < 32) throw new SettingException("SERVICE_SECRET is too short: at least 32 random characters.");
        _secret = secret;
    }

    /// <summary>Where readers find the platform, without a slash at the end.</summary>
    public Uri PublicUrl { get; }

    /// <summary>Name of the newsroom's session cookie. The <c>__Host-</c> prefix (RFC 6265bis, 4.1.3.2) needs Secure, and that needs https.</summary>
    public string SessionCookie => PublicUrl.Scheme == Uri.UriSchemeHttps ? "__Host-session" : "session";

    /// <summary>Languages that articles may have; the first is the site's own.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>An absolute public address for a path that begins with a slash; the path is percent-encoded here.</summary>
    public string Public(string path) => PublicUrl.GetLeftPart(UriPartial.Authority) + PublicUrl.AbsolutePath.TrimEnd('/') + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A 32-byte key for one purpose, derived from the service's secret; see <see cref="SecretBox.Key"/>.</summary>
    public byte[] Key(string purpose) => SecretBox.Key(_secret, purpose);

    /// <summary>Reads an http(s) address from a setting.</summary>
    /// <exception cref="SettingException">It is not one, or it is absent and there is no fallback.</exception>
    public static Uri Absolute(IConfiguration configuration, string name, string? fallback = null)
    {
        var text = configuration[name] is { Length: > 0 } given ? given : fallback ?? throw new SettingException($"{name} is not set: give an address such as http://127.0.0.1:8081.");
        return Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.UserInfo.Length == 0
            ? uri
            : throw new SettingException($"{name} must be an http or https address without user, query or fragment, such as http://localhost:8080.");
    }

    private static bool IsLanguage(string code) => code.Length is 2 or 3 && code.All(char.IsAsciiLetterLower);
}
