using System.Text.Encodings.Web;
using Platform.ServiceDefaults;
using Platform.Web;

await Defaults.Run(args, Build);

/// <summary>The reader site: composes pages from what the other parts answer, and owns nothing.</summary>
public static partial class Program
{
    public static WebApplication Build(string[] args) => Build(args, TimeProvider.System);

    /// <param name="clock">Tells the day on the front page, and how long other parts are waited for.</param>
    public static WebApplication Build(string[] args, TimeProvider clock)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton(clock);
        builder.AddServiceDefaults("web");
        builder.Services.AddSingleton<HtmlEncoder>(Markup.Encoder);
        builder.Services.AddSingleton<Assets>()
            .AddSingleton(new Articles(builder.Configuration, clock)).AddSingleton(new Comments(builder.Configuration, clock)).AddSingleton(new Subscriptions(builder.Configuration, clock));
        var app = builder.Build();

        var editions = Edition.All(app.Services.GetRequiredService<PlatformSettings>());
        app.UseServiceDefaults();
        app.UsePages(editions);
        app.Services.GetRequiredService<Assets>().Map(app);
        app.MapSite(editions);
        return app;
    }
}
