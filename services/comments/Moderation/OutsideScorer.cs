using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation;

/// <summary>COMMENTS_SCORER_URL: whom to ask about comments, by HTTP; nobody where it is not set. COMMENTS_SCORER_KEY: sent as a bearer token. COMMENTS_SCORER_TIMEOUT: milliseconds, 300 where it is not set.</summary>
public sealed class ScorerSettings
{
    public ScorerSettings(IConfiguration configuration)
    {
        Address = configuration["COMMENTS_SCORER_URL"] is { Length: > 0 } text
            ? Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? uri : throw new SettingException("COMMENTS_SCORER_URL must be an http or https address.") : null;
        Key = configuration["COMMENTS_SCORER_KEY"] is { Length: > 0 } key ? key : null;
        var limit = configuration["COMMENTS_SCORER_TIMEOUT"] is { Length: > 0 } given ? given : "300";
        TimeLimit = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 10 and <= 5000
            ? TimeSpan.FromMilliseconds(milliseconds) : throw new SettingException("COMMENTS_SCORER_TIMEOUT must be 10 to 5000 milliseconds.");
    }

    public Uri? Address { get; }
    public string? Key { get; }
    public TimeSpan TimeLimit { get; }
}

/// <param name="Score">0 (fine) to 1 (bad).</param>
/// <param name="Reason">Why, for moderators; at most 100 characters of one line.</param>
public sealed record OutsideScore(double Score, string? Reason);

/// <summary>
/// Asks a scorer outside: <c>POST {articleId, language, name, body}</c> (no address, no network), answered by <c>{score: 0…1, reason?}</c>. It never holds a comment up for longer than its time limit:
/// late, absent or wrong answers are none, and after three of them in a row it is not asked for half a minute.
/// </summary>
public sealed partial class OutsideScorer(ScorerSettings settings, TimeProvider clock, ILogger<OutsideScorer> logger) : IDisposable
{
    private const int MostAtOnce = 64, FailuresToRest = 3, LongestAnswer = 16 * 1024, LongestReason = 100;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = settings.TimeLimit, MaxConnectionsPerServer = MostAtOnce, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = LongestAnswer,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly SemaphoreSlim _room = new(MostAtOnce);
    private int _failures;
    private long _restsUntil;

    private sealed record Question(Guid ArticleId, string Language, string Name, string Body);

    /// <returns>Null where there is no opinion.</returns>
    public async Task<OutsideScore?> Ask(Comment comment, string language, CancellationToken ct)
    {
        if (settings.Address is not { } address || clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _restsUntil) || !await _room.WaitAsync(0, ct)) return null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(settings.TimeLimit);
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(new Question(comment.ArticleId, language, comment.Name, comment.Body), options: StrictJson.Options) };
            if (settings.Key is { } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await _http.SendAsync(request, limit.Token);
            var score = Read(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(limit.Token));
            Interlocked.Exchange(ref _failures, 0);
            return score;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException or IOException)
        {
            if (Interlocked.Increment(ref _failures) >= FailuresToRest)
            {
                Interlocked.Exchange(ref _restsUntil, (clock.GetUtcNow() + Rest).UtcTicks);
                Interlocked.Exchange(ref _failures, 0);
                Log.Rests(logger, e.GetType().Name);
            }
            return null;
        }
        finally
        {
            _room.Release();
        }
    }

    private static OutsideScore Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("score", out var number) || !number.TryGetDouble(out var score) || score is not (>= 0 and <= 1))
            throw new JsonException("No score from 0 to 1.");
        var reason = root.TryGetProperty("reason", out var text) && text.ValueKind == JsonValueKind.String ? PlainText.Line(text.GetString()) : null;
        if (reason is not null && !FieldErrors.IsWellFormed(reason)) reason = null;
        return new(score, reason?.Length > LongestReason ? string.Concat(reason.EnumerateRunes().Take(LongestReason / 2)) : reason);
    }

    public void Dispose()
    {
        _http.Dispose();
        _room.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The scorer outside has failed several times ({Failure}); it is not asked for half a minute")]
        public static partial void Rests(ILogger logger, string failure);
    }
}
