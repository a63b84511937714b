using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Platform.ServiceDefaults;

/// <summary>Puts into a service's OpenAPI document what all routes have in common and no handler's signature shows.</summary>
public static class DescribedRules
{
    /// <summary>Paging of lists, If-Match of changes, Idempotency-Key of what creates, and problems (RFC 9457) for every error.</summary>
    public static OpenApiOptions AddRules(this OpenApiOptions options) => options.AddOperationTransformer((operation, context, _) =>
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var known = metadata.OfType<KnownQuery>().LastOrDefault()?.Names;
        if (known?.Contains("cursor") == true)
            Add(ParameterLocation.Query, "cursor", "The next of the page before; absent for the first page.", new() { Type = JsonSchemaType.String });
        if (known?.Contains("limit") == true)
            Add(ParameterLocation.Query, "limit", "How many items at most.", new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{PageRequest.Max}", Default = PageRequest.Default });
        if (metadata.OfType<MethodInfo>().Any(m => m.GetParameters().Any(p => p.ParameterType == typeof(IfMatch))))
            Add(ParameterLocation.Header, "If-Match", "The ETag of the version that the change is made to; absent 428, stale 412.", new() { Type = JsonSchemaType.String }, required: true);
        if (metadata.OfType<Idempotent>().Any())
            Add(ParameterLocation.Header, "Idempotency-Key", "The same key and body get the same answer and one effect, for 7 days.", new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 128 });
        context.Document?.AddComponent("Problem", Problem());
        (operation.Responses ??= [])["default"] = new OpenApiResponse
        {
            Description = "What is wrong (RFC 9457).",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) } },
        };
        return Task.CompletedTask;

        void Add(ParameterLocation location, string name, string description, OpenApiSchema schema, bool required = false)
        {
            operation.Parameters ??= [];
            if (operation.Parameters.Any(p => p.In == location && string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))) return;
            operation.Parameters.Add(new OpenApiParameter { In = location, Name = name, Description = description, Required = required, Schema = schema });
        }
    });

    private static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable, such as article.versionConflict." },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["errors"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "By field.", AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } } },
        },
    };
}
