using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Platform.Gateway.Proxying;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Callers;

/// <summary>INTROSPECTION_SECRET: what the gateway proves itself to Accounts with.</summary>
public sealed class IntrospectionSettings(IConfiguration configuration)
{
    public string Secret { get; } = configuration["INTROSPECTION_SECRET"] is { Length: >= 32 } secret ? secret
        : throw new SettingException("INTROSPECTION_SECRET is missing or too short: at least 32 random characters, the same for the gateway and Accounts.");
}

/// <summary>Asks Accounts who holds a credential (RFC 7662), and remembers the answer, good or bad, for a little less than the 5 s that a change may take to be felt.</summary>
public sealed class Introspection(Parts parts, IntrospectionSettings settings, TimeProvider clock) : IDisposable
{
    private const int MaxRemembered = 10_000, CredentialLength = 4 + 43;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<string, Asked> _asked = new(StringComparer.Ordinal);
    private readonly Uri _address = new(parts.Address("accounts"), "/internal/introspect");
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1), PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(1.6),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", settings.Secret) },
    };

    private sealed record Answer(bool Active, string? Jwt);

    private sealed record Asked(long At, Lazy<Task<Answer>> Answer);

    /// <returns>The holder's JWT, or null where the credential is unknown, over or revoked.</returns>
    /// <exception cref="Problem">503 while Accounts is away.</exception>
    public async Task<string?> Jwt(string credential, CancellationToken ct)
    {
        if (!IsPossible(credential)) return null;
        var fresh = new Asked(clock.GetTimestamp(), new Lazy<Task<Answer>>(() => Ask(credential)));
        var asked = _asked.AddOrUpdate(credential, fresh, (_, known) => clock.GetElapsedTime(known.At, fresh.At) < Memory && !known.Answer.IsValueCreatedAndFailed() ? known : fresh);
        if (_asked.Count > MaxRemembered) Forget(asked.At);
        try
        {
            var answer = await asked.Answer.Value.WaitAsync(ct);
            return answer.Active ? answer.Jwt : null;
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Problem.Unavailable("accounts.unavailable", "Who you are can't be checked at the moment; try again shortly.");
        }
    }

    /// <summary>Somebody has changed a credential or a right here: this replica need not be behind.</summary>
    public void ForgetAll() => _asked.Clear();

    public void Dispose() => _http.Dispose();

    /// <summary>What Accounts never gave out is not worth a question.</summary>
    private static bool IsPossible(string credential) => credential.Length == CredentialLength
        && (credential.StartsWith("ses_", StringComparison.Ordinal) || credential.StartsWith("pat_", StringComparison.Ordinal))
        && credential.AsSpan(4).IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") < 0;

    private async Task<Answer> Ask(string credential)
    {
        using var form = new FormUrlEncodedContent([new("token", credential), new("token_type_hint", credential.StartsWith("ses_", StringComparison.Ordinal) ? "session" : "api")]);
        using var response = await _http.PostAsync(_address, form);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Answer>() ?? throw new System.Text.Json.JsonException("Accounts said null.");
    }

    private void Forget(long now)
    {
        foreach (var (credential, asked) in _asked)
            if (clock.GetElapsedTime(asked.At, now) >= Memory) _asked.TryRemove(new(credential, asked));
        if (_asked.Count > MaxRemembered) _asked.Clear();   // a flood of credentials: better to ask again than to grow
    }
}

file static class LazyTaskExtensions
{
    public static bool IsValueCreatedAndFailed<T>(this Lazy<Task<T>> lazy) => lazy is { IsValueCreated: true, Value: { IsCompleted: true, IsCompletedSuccessfully: false } };
}
