namespace Platform.Testing;

/// <summary>Settings of a service under test, beside its store and broker.</summary>
public static class TestSettings
{
    // Nothing listens there: a test that reaches out fails.
    private const string Nowhere = "http://127.0.0.1:9";

    public static IReadOnlyDictionary<string, string?> Default { get; } = new Dictionary<string, string?>
    {
        ["SERVICE_SECRET"] = "a secret for tests only, 32 characters and more",
        ["INTROSPECTION_SECRET"] = "another secret for tests only, 32 characters and more",
        ["IMPORT_SECRET"] = "a third secret for tests only, 32 characters and more",
        ["GUEST_SECRET"] = "a fourth secret for tests only, 32 characters and more",
        ["PLATFORM_PUBLIC_URL"] = "http://localhost:8080",
        ["PLATFORM_LANGUAGES"] = "ar,en",
        ["ACCOUNTS_URL"] = Nowhere,
        ["ARTICLES_URL"] = Nowhere,
        ["COMMENTS_URL"] = Nowhere,
        ["NOTIFICATIONS_URL"] = Nowhere,
        ["WEB_URL"] = Nowhere,
    };
}
