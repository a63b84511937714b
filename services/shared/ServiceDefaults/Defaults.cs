using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.ServiceDefaults;

/// <summary>What every part says in one line.</summary>
/// <example>
/// <code>
/// var builder = WebApplication.CreateBuilder(args);
/// builder.AddServiceDefaults("articles");
/// builder.AddStore("articles");
/// builder.AddIdentity();
/// builder.AddBus("articles", bus => bus.AddConsumer&lt;CountComments&gt;());
/// builder.Services.AddOutbox(["articles"]).AddIdempotency();
/// var app = builder.Build();
/// app.UseServiceDefaults();
/// app.MapArticles();
/// return app;  // Defaults.Run(args, Build) runs it
/// </code>
/// </example>
public static class Defaults
{
    /// <summary>JSON bodies are at most 2 MB; a route that takes more says so itself.</summary>
    public const long MaxJsonBody = 2 * 1024 * 1024;

    /// <summary>EX_CONFIG (sysexits.h).</summary>
    internal const int WrongSetting = 78;

    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.AddTelemetry(service);
        builder.Services.AddSingleton(new PlatformSettings(builder.Configuration));
        builder.Services.AddSingleton<Cursors>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(o => StrictJson.Configure(o.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ProblemHandler>().AddProblemDetails();
        builder.Services.AddHealthChecks();
        builder.WebHost.ConfigureKestrel(k => { k.Limits.MaxRequestBodySize = MaxJsonBody; k.AddServerHeader = false; });
        return builder;
    }

    /// <summary>Takes Idempotency-Key on routes that say <see cref="Idempotency.Creates"/>; needs the store.</summary>
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.AddSingleton<IdempotencyStore>();
        return services.AddStoreInitialiser<IdempotencyStore>((store, ct) => store.CreateIndexes(ct));
    }

    /// <summary>The pipeline of every part, in order; then map the routes.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UsePrivateMetrics();
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(ProblemHandler.WriteBare);
        app.UseRouting();
        if (app.Services.GetService<Microsoft.AspNetCore.Authentication.IAuthenticationService>() is not null) app.UseAuthentication();
        app.UseRequestRules();
        if (app.Services.GetService<Microsoft.AspNetCore.Authorization.IAuthorizationService>() is not null) app.UseAuthorization();
        if (app.Services.GetService<IdempotencyStore>() is not null) app.UseIdempotency();
        app.MapHealth();
        return app;
    }

    /// <summary>Runs a part's Program: a wrong setting is one line on standard error and exit code 78 (EX_CONFIG, sysexits.h).
    /// With <c>--check-health</c> it asks the part that runs already whether it is ready, and answers by exit code: a container's health check needs no other program.</summary>
    public static async Task Run(string[] args, Func<string[], WebApplication> build)
    {
        if (args is ["--check-health"])
        {
            Environment.ExitCode = await Health.Ask() ? 0 : 1;
            return;
        }
        WebApplication app;
        try
        {
            app = build(args);
        }
        catch (SettingException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            Environment.ExitCode = WrongSetting;
            return;
        }
        try
        {
            await app.RunAsync();
        }
        catch (Exception) when (Environment.ExitCode == WrongSetting) { }   // told already, in the middle of starting (see MongoStore.AddStoreInitialiser)
    }
}
