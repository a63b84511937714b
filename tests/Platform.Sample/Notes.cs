using MassTransit;
using Platform.ServiceDefaults;
using NewId = Platform.ServiceDefaults.NewId;

namespace Platform.Sample;

public enum Mood { Calm, Excited }

public sealed record Note(Guid Id, long Version, string Text, Mood Mood, DateTimeOffset WrittenAt, long Likes = 0) : IDocument;

/// <summary>A note was written or changed.</summary>
public sealed record NoteWritten(Guid NoteId, long Version, string Text);

public static class NoteEndpoints
{
    public sealed record WriteNoteRequest(string? Text, Mood Mood = Mood.Calm);

    public static async Task<Page<Note>> List(string? text, PageRequest page, NoteStore store, Cursors cursors, CancellationToken ct) =>
        page.Cut(await store.List(text, page, ct), cursors, n => [n.Id.ToString()], n => n);

    public static async Task<Versioned<Note>> Get(Guid id, NoteStore store, CancellationToken ct) =>
        await store.Find(id, ct) is { } note ? new Versioned<Note>(note, note.Version) : throw Problem.NotFound("note");

    public static async Task<Versioned<Note>> Write(WriteNoteRequest request, NewId id, NoteStore store, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var note = new Note(id.Value, 1, errors.Text(request.Text, 20), request.Mood, clock.Now());
        errors.ThrowIfAny();
        note = await store.Insert(note, ct);
        return new(note, note.Version, StatusCodes.Status201Created, $"/api/notes/{note.Id}");
    }

    public static async Task<Versioned<Note>> Change(Guid id, WriteNoteRequest request, IfMatch expected, NoteStore store, CancellationToken ct)
    {
        var note = await store.Find(id, ct) ?? throw Problem.NotFound("note");
        expected.Check(note.Version, "note");
        var next = note with { Version = note.Version + 1, Text = request.Text ?? "" };
        return await store.Save(next, ct) ? new(next, next.Version) : throw Problem.Stale("note");
    }

    public static Task<Note> Boom() => throw new InvalidOperationException("secret detail");
}

/// <summary>Counts each note once, however often its message comes.</summary>
public sealed class RememberNote(NoteStore store) : IConsumer<NoteWritten>
{
    public Task Consume(ConsumeContext<NoteWritten> context) => store.Remember(context.Message, context.CancellationToken);
}
