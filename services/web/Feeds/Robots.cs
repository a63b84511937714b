namespace Platform.Web;

/// <summary>robots.txt (RFC 9309): what is read may be indexed, what is secret or is sent may not.</summary>
public static class Robots
{
    public static string Show() => """
        User-agent: *
        Disallow: /api/
        Disallow: /newsroom
        Disallow: /subscriptions/
        Disallow: /unsubscribe/

        """;
}
