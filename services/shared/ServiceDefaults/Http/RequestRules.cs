using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Platform.ServiceDefaults;

/// <summary>Names the query parameters that a route under /api knows; any other is a 400.</summary>
public sealed record KnownQuery(IReadOnlySet<string> Names);

public static class RequestRules
{
    private static readonly string[] Paging = ["limit", "cursor"];

    /// <summary>The route's query parameters, as in the public contract.</summary>
    public static TBuilder WithQuery<TBuilder>(this TBuilder builder, params string[] names) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new KnownQuery(names.ToHashSet(StringComparer.Ordinal)));

    /// <summary>The route is a list: limit, cursor and these.</summary>
    public static TBuilder WithPaging<TBuilder>(this TBuilder builder, params string[] names) where TBuilder : IEndpointConventionBuilder =>
        builder.WithQuery([.. Paging, .. names]);

    /// <summary>Refuses unknown or repeated query parameters under /api, bodies in another charset than UTF-8, and a bad credential even where none is needed.</summary>
    public static IApplicationBuilder UseRequestRules(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.GetEndpoint() is { } endpoint && http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            var known = endpoint.Metadata.GetMetadata<KnownQuery>()?.Names;
            foreach (var (name, values) in http.Request.Query)
            {
                if (known?.Contains(name) != true) throw new Problem(400, "request.unknownParameter", "There is no such query parameter here.") { Errors = new Dictionary<string, string[]> { [name] = ["Unknown."] } };
                if (values.Count > 1) throw Problem.Invalid(name, "Given more than once.");
            }
        }
        if (http.Request.ContentType is { } type && MediaTypeHeaderValue.TryParse(type, out var media) && media.Charset.HasValue
            && !media.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new Problem(415, "request.mediaType", "Send UTF-8.");
        if (http.User.Identity?.IsAuthenticated != true && http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && http.GetEndpoint()?.Metadata.GetMetadata<OwnCredentials>() is null)
            throw Problem.Unauthenticated("credential.invalid", "The token is unknown, expired or revoked.");
        return next(http);
    });
}

/// <summary>The route checks a bearer credential of its own kind (token introspection).</summary>
public sealed record OwnCredentials;
