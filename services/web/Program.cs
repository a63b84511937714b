using System.Text.Encodings.Web;
using Platform.ServiceDefaults;
using Platform.Web;

await Defaults.Run(args, args => Build(args));

/// <summary>The reader site: composes pages from what the other parts answer, and owns nothing.</summary>
public static partial class Program
{
    /// <param name="replace">Puts other services in place of the usual ones; tests do.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("web");
        builder.Services.AddSingleton<HtmlEncoder>(Markup.Encoder).AddSingleton<Assets>();
        builder.Services.AddSingleton<Articles>().AddSingleton<Comments>().AddSingleton<Subscriptions>();
        replace?.Invoke(builder.Services);
        var app = builder.Build();

        // Asked for now, so that a missing setting is named at start.
        foreach (var part in new[] { typeof(Articles), typeof(Comments), typeof(Subscriptions) }) app.Services.GetRequiredService(part);
        var editions = Edition.All(app.Services.GetRequiredService<PlatformSettings>());
        app.UseServiceDefaults();
        app.UsePages(editions);
        app.Services.GetRequiredService<Assets>().Map(app);
        app.MapSite(editions);
        return app;
    }
}
