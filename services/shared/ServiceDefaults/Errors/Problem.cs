namespace Platform.ServiceDefaults;

/// <summary>
/// A request that cannot be fulfilled, in the terms of the public contract. Pure code throws it where a rule is broken;
/// <see cref="ProblemHandler"/> turns it into application/problem+json (RFC 9457). Nothing has changed when it is thrown.
/// </summary>
/// <param name="status">HTTP status, 400 to 599.</param>
/// <param name="code">Stable machine word, such as <c>article.versionConflict</c>.</param>
/// <param name="title">One English sentence for people.</param>
public sealed class Problem(int status, string code, string title) : Exception(title)
{
    public int Status => status;
    public string Code => code;

    /// <summary>What is wrong with which field (camelCase path), or null.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Further members of the problem document, or null.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    /// <summary>When to try again, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Problem NotFound(string what = "resource") => new(404, $"{what}.notFound", $"There is no such {what}.");
    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) => new(400, "request.invalid", "Some fields are wrong; see errors.") { Errors = errors };
    public static Problem Invalid(string field, string message) => Invalid(new Dictionary<string, string[]> { [field] = [message] });
    public static Problem Rule(string code, string title) => new(422, code, title);
    public static Problem Conflict(string code, string title) => new(409, code, title);
    public static Problem Gone(string code, string title) => new(410, code, title);
    public static Problem Stale(string what) => new(412, $"{what}.versionConflict", $"The {what} was changed since the version named in If-Match; read it again and merge.");
    public static Problem Forbidden(string code = "forbidden", string title = "Your rights do not reach so far.") => new(403, code, title);
    public static Problem Unauthenticated(string code = "unauthenticated", string title = "Sign in, or send a valid token.") => new(401, code, title);
    public static Problem Unavailable(string code = "unavailable", string title = "A part of the platform is away; try again shortly.") => new(503, code, title) { RetryAfter = TimeSpan.FromSeconds(2) };
}
