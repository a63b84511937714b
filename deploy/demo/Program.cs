using Platform.Demo;

// Loads the demo content through the public API, as an editor and some guests would; what is there already stays as it is.
// Settings: PLATFORM_URL (http://127.0.0.1:8080), PLATFORM_ADMIN_EMAIL, PLATFORM_ADMIN_PASSWORD.
var gateway = new Uri(Environment.GetEnvironmentVariable("PLATFORM_URL") is { Length: > 0 } url ? url : "http://127.0.0.1:8080");
var (email, password) = (Environment.GetEnvironmentVariable("PLATFORM_ADMIN_EMAIL"), Environment.GetEnvironmentVariable("PLATFORM_ADMIN_PASSWORD"));
if (string.IsNullOrEmpty(email) || string.IsNullOrEmpty(password))
{
    await Console.Error.WriteLineAsync("error: PLATFORM_ADMIN_EMAIL and PLATFORM_ADMIN_PASSWORD are not set: the demo content is published as that editor");
    return 2;
}
try
{
    using var api = new Api(gateway);
    await api.WaitUntilReady(TimeSpan.FromMinutes(2));
    await api.SignIn(email, password);
    var loaded = await new Loader(api, new Content(AppContext.BaseDirectory)).Run();
    Console.WriteLine($"demo: {loaded.Articles} articles and {loaded.Comments} comments are new");
    return 0;
}
catch (ApiException problem)
{
    await Console.Error.WriteLineAsync($"error: the demo content could not be loaded: {problem.Message}");
    return 1;
}
