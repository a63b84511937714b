using System.Globalization;
using Platform.Bench;
using Platform.Testing;

// Numbers are printed for everybody alike.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["--bare", var port, var recorded]) { await BareServer.Run(int.Parse(port, CultureInfo.InvariantCulture), recorded); return 0; }
if (args is ["--write-wxr", var posts, var file])
{
    if (!int.TryParse(posts, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return 2;
    Importing.Write(file, number);
    return 0;
}
var check = args is ["--check", ..];
if (Options.Parse(check ? args[1..] : args) is not { } options) return 2;
if (check) return 0;

Table.Say(Machine.Describe());
if (options.Reports("rules")) new Judging(options).Run();
if (options.Reports("keywords")) new Planning(options).RunKeywords();
if (options.Reports("planning") && options.Only.Count > 0) await new Planning(options).Run();
if (options.Only.Count > 0 && options.Only.All(o => o is "rules" or "keywords" or "planning")) return 0;
await using var sink = new SmtpSink(Target.Port + 29, keep: false);
using var platform = await Target.SignIn();
var idle = await Memory.Idle();
if (options.Measures("pages") || options.Measures("api")) await new Reading(platform, options).Run();
if (options.Measures("comments")) await new Commenting(platform, options).Run();
if (options.Reports("thread")) await new Threading(platform, options, new Commenting(platform, options)).Run();
if (options.Reports("live")) await new Following(options, new Commenting(platform, options)).Run();
if (options.Reports("publish")) await new Publishing(platform, options).Run();
if (options.Measures("mails")) await new Mailing(platform, sink, options).Run();
if (options.Reports("webhooks")) await new Hooking(platform, options).Run();
if (options.Only is not ["memory"]) Profile.Report();
if (options.Reports("memory")) Memory.Report(idle);
if (options.Reports("import")) await new Importing(platform, options).Run();
if (options.Reports("start")) await Starting.Run();
if (new[] { "search", "list", "related", "get" }.Any(options.Reports)) await new Searching(platform, options).Run();
return 0;
