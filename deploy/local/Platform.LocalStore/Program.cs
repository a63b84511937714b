using System.Net;
using System.Runtime.InteropServices;
using Platform.LocalStore;

// MongoDB's wire protocol before a DocumentDB engine.
// usage: Platform.LocalStore --listen=127.0.0.1:PORT --engine="Host=SOCKET_FOLDER;Username=…;Database=…" --users=FILE
// The file holds a name and a password to a line; see Users.
var options = args.Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => a[2..].Split('=', 2))
    .ToDictionary(o => o[0], o => o.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal);
if (!options.TryGetValue("engine", out var connection) || !options.TryGetValue("users", out var file) || !IPEndPoint.TryParse(options.GetValueOrDefault("listen", ""), out var listen))
{
    await Console.Error.WriteLineAsync("usage: Platform.LocalStore --listen=127.0.0.1:PORT --engine=CONNECTION_STRING --users=FILE");
    return 2;
}
if (!IPAddress.IsLoopback(listen.Address))
{
    await Console.Error.WriteLineAsync("only loopback addresses are served");
    return 2;
}
using var stopping = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

await using var engine = new Engine(connection);
await engine.Prepare(stopping.Token);
var cursors = new Cursors(engine, TimeProvider.System);
var commands = new Commands(engine, cursors, new Handshake(listen, TimeProvider.System));
await using var housekeeping = new Housekeeping(engine, cursors);
await new Listener(listen, commands, Users.From(await File.ReadAllLinesAsync(file))).Run(stopping.Token);
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}
