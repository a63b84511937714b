namespace Platform.Web;

/// <summary>robots.txt (RFC 9309): what is read may be indexed, what is secret or is sent may not.</summary>
public static class Robots
{
    public static string Show(Edition site) => $"""
        User-agent: *
        Disallow: /api/
        Disallow: /newsroom
        Disallow: /subscriptions/
        Disallow: /unsubscribe/

        Sitemap: {site.Public("/sitemap.xml")}
        Sitemap: {site.Public("/news-sitemap.xml")}

        """;
}
