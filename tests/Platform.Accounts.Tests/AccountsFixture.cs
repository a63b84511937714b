using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Accounts.Tests;

/// <summary>Accounts with its first admin. Calls go as through the gateway: the credential is introspected, and the JWT is what Accounts sees.</summary>
public class AccountsFixture : ServiceFixture<Program>
{
    public const string AdminEmail = "Admin@Newsroom.example", AdminPassword = "korrekt pferd batterie", Password = "nine green bottles hang";

    private HttpClient? _http;
    private string? _admin;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("PLATFORM_ADMIN_EMAIL", AdminEmail),
        new("PLATFORM_ADMIN_PASSWORD", AdminPassword),
    ];

    // Real hashes take a tenth of a second each, by intent.
    protected override void ConfigureServices(IServiceCollection services) => services.Configure<PasswordHasherOptions>(o => o.IterationCount = 1000);

    public HttpClient Http => _http ??= Client();

    /// <summary>A session of the first admin.</summary>
    public async Task<string> Admin() => _admin ??= await Session(AdminEmail, AdminPassword);

    /// <summary>A new member with these roles, signed in.</summary>
    public async Task<Member> NewMember(params string[] roles)
    {
        var email = $"{Guid.NewGuid():N}@newsroom.example";
        var answer = await Send(HttpMethod.Post, "/api/staff", await Admin(), new { email, name = "Member", roles, password = Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return new Member((await Json(answer))["id"]!.GetValue<Guid>(), email, await Session(email, Password));
    }

    public async Task<string> Session(string email, string password) => SessionOf(await SignIn(email, password)) ?? throw new InvalidOperationException("no session");

    /// <param name="from">The caller's address.</param>
    public Task<HttpResponseMessage> SignIn(string email, string password, string? code = null, string from = "192.0.2.1")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/session") { Content = JsonContent.Create(code is null ? new { email, password } : new { email, password, code } as object) };
        request.Headers.Add("X-Forwarded-For", from);
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static string? SessionOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single().Split(';')[0].Split('=', 2)[1] : null;

    public async Task<JsonNode> Introspect(string credential, string? secret = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/internal/introspect") { Content = new FormUrlEncodedContent([new("token", credential), new("token_type_hint", credential.StartsWith("ses_", StringComparison.Ordinal) ? "session" : "api")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret ?? TestSettings.Default["INTROSPECTION_SECRET"]);
        var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await Json(answer);
    }

    public async Task<bool> IsActive(string credential) => (await Introspect(credential))["active"]!.GetValue<bool>();

    /// <summary>A call with a credential, or with none.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? credential, object? body = null, string? ifMatch = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (credential is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await Introspect(credential))["jwt"]!.GetValue<string>());
        if (credential?.StartsWith("ses_", StringComparison.Ordinal) == true) request.Headers.Add("Cookie", "session=" + credential);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonNode> Json(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;

    public static async Task<string> Code(HttpResponseMessage answer) => (await Json(answer))["code"]!.GetValue<string>();

    public IMongoCollection<BsonDocument> Collection(string name) => Database.Database.GetCollection<BsonDocument>(name);

    public T Service<T>() where T : notnull => Services.GetRequiredService<T>();

    public sealed record Member(Guid Id, string Email, string Session);
}
