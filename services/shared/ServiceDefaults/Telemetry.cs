using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults;

/// <summary>Traces and metrics: sent by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT is set, and for Prometheus at METRICS_URL, a private address.</summary>
public static class Telemetry
{
    /// <summary>Meter and activity source of the platform's own numbers and spans.</summary>
    public const string Name = "Platform";

    private const int MaxSeries = 200;

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // Four lines for each request would cost more than many requests do; lowest of all sources, so that Logging__LogLevel__… still overrules it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")] });
        builder.Logging.AddSimpleConsole(o => { o.SingleLine = true; o.UseUtcTimestamp = true; o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' "; o.IncludeScopes = false; });
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);   // nothing here is protected by its keys
        var otlp = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var metrics = MetricsUrl(builder.Configuration);
        if (metrics is not null) builder.WebHost.UseUrls([.. (builder.Configuration["URLS"] ?? builder.Configuration["ASPNETCORE_URLS"] ?? "http://127.0.0.1:5000").Split(';'), metrics.ToString()]);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(r => r.AddService("platform-" + service));
        if (otlp)
            telemetry.WithTracing(t => t.AddAspNetCoreInstrumentation(o => o.Filter = http => !http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
                .AddHttpClientInstrumentation().AddSource(Name, "MassTransit", MongoStore.ActivitySource).AddOtlpExporter());
        if (otlp || metrics is not null)
            telemetry.WithMetrics(m =>
            {
                // Each instrument has room for so many combinations of its attributes made at once; ours have some dozens, and the usual 2,000 take 10 MB in every process.
                m.AddView("*", new MetricStreamConfiguration { CardinalityLimit = MaxSeries });
                m.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(Name, "MassTransit");
                if (otlp) m.AddOtlpExporter();
                if (metrics is not null) m.AddPrometheusExporter();
            });
        return builder;
    }

    /// <summary>Serves /metrics, and nothing else, at the private address.</summary>
    public static WebApplication UsePrivateMetrics(this WebApplication app)
    {
        if (MetricsUrl(app.Configuration) is not { } url) return app;
        app.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Connection.LocalPort == url.Port && http.Request.Path == "/metrics");
        app.Use((http, next) =>
        {
            if (http.Connection.LocalPort != url.Port) return next(http);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        return app;
    }

    private static Uri? MetricsUrl(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["METRICS_URL"]) ? null : PlatformSettings.Absolute(configuration, "METRICS_URL");
}
