using Platform.Sample;
using Platform.ServiceDefaults;

// The smallest service that uses all that services share: notes are written, and counted by a reaction.
await Defaults.Run(args, Build);

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults("sample");
    builder.AddStore("sample");
    builder.AddIdentity();
    builder.AddBus("sample", x => x.AddConsumer<RememberNote>());
    builder.Services.AddOutbox([NoteStore.Notes], typeof(NoteWritten)).AddIdempotency();
    builder.Services.AddSingleton<NoteStore>().AddStoreInitialiser<NoteStore>((store, ct) => store.CreateIndexes(ct));
    var app = builder.Build();
    app.UseServiceDefaults();
    var notes = app.MapGroup("/api/notes");
    notes.MapGet("", NoteEndpoints.List).WithPaging("text");
    notes.MapGet("{id:guid}", NoteEndpoints.Get);
    notes.MapPost("", NoteEndpoints.Write).Creates();
    notes.MapPut("{id:guid}", NoteEndpoints.Change).For(Roles.Editor);
    notes.MapGet("boom", NoteEndpoints.Boom);
    return app;
}

public partial class Program;
