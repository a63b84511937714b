using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.DeadLetters;

/// <summary>An admin looks at what a service's reactions could not handle, has it handled again, or throws it away.</summary>
public static partial class DeadLetterEndpoints
{
    /// <param name="Queue">The reaction's, to which it goes back.</param>
    /// <param name="Error">Without addresses and quotations; null where none is known.</param>
    /// <param name="Attempts">Null where nobody counted.</param>
    /// <param name="Replaying">It is on its way back.</param>
    public sealed record DeadLetterView(Guid Id, string Queue, DeadLetterReason Reason, string? MessageType, string? MessageId, string? Error, int? Attempts, DateTimeOffset FailedAt, bool Replaying);

    public sealed record ReplayDeadLettersRequest(string Queue);

    /// <param name="Count">So many go back.</param>
    public sealed record ReplayDeadLettersView(long Count);

    /// <summary>Keeps what this service's reactions fail on, for <see cref="MapDeadLetters"/>; needs the store and the bus.</summary>
    public static IHostApplicationBuilder AddDeadLetters(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeadLetterStore>().AddStoreInitialiser<DeadLetterStore>((store, ct) => store.CreateIndexes(ct));
        builder.Services.AddSingleton<DeadLetterSignal>().AddHostedService<DeadLetterCarrier>();
        builder.Services.AddConsumeObserver<HearFailures>();
        return builder;
    }

    /// <summary>Maps <c>/api/dead-letters/{service}</c>.</summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder routes, string service)
    {
        var letters = routes.MapGroup("/api/dead-letters/" + service).WithTags("Dead letters").For(Roles.Admin);
        letters.MapGet("/", List).WithName("ListDeadLetters").WithPaging("queue");
        letters.MapPost("/replay", ReplayQueue).WithName("ReplayDeadLetters");
        letters.MapPost("/{id:guid}/replay", Replay).WithName("ReplayDeadLetter");
        letters.MapDelete("/{id:guid}", Delete).WithName("DeleteDeadLetter");
    }

    /// <summary>Newest first. What a message says is not shown, since readers may have written it.</summary>
    /// <param name="queue">Only those of this reaction.</param>
    /// <returns>200.</returns>
    public static async Task<Page<DeadLetterView>> List(string? queue, PageRequest page, DeadLetterStore store, Cursors cursors, CancellationToken ct)
    {
        Guid? before = page.Cursor is null ? null : page.Cursor is [var scope, var last] && scope == (queue ?? "") && Guid.TryParse(last, out var id) ? id : throw Cursors.Foreign();
        return page.Cut(await store.List(queue, before, page.Limit, ct), cursors, l => [queue ?? "", l.Id.ToString()],
            l => new DeadLetterView(l.Id, l.Queue, l.Reason, l.MessageType, l.MessageId, l.Error, l.Attempts, l.FailedAt, l.ReplayFrom is not null));
    }

    /// <summary>Has one handled again: it goes back to its queue within seconds, or as soon as the broker answers. What fails again comes back as another.</summary>
    /// <returns>202; 404.</returns>
    public static async Task<Accepted> Replay(Guid id, DeadLetterStore store, DeadLetterSignal signal, CurrentUser user, TimeProvider clock, ILogger<DeadLetterCarrier> logger, CancellationToken ct)
    {
        if (!await store.Replay(id, clock.Now(), ct)) throw Problem.NotFound("deadLetter");
        Log.Asked(logger, user.Id, id);
        signal.Raise();
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>Has all of one queue handled again that lie here now.</summary>
    /// <returns>202 with how many.</returns>
    public static async Task<Accepted<ReplayDeadLettersView>> ReplayQueue(ReplayDeadLettersRequest request, DeadLetterStore store, DeadLetterSignal signal, CurrentUser user, TimeProvider clock, ILogger<DeadLetterCarrier> logger, CancellationToken ct)
    {
        var count = await store.Replay(request.Queue, clock.Now(), ct);
        Log.AskedAll(logger, user.Id, count, request.Queue);
        signal.Raise();
        return TypedResults.Accepted((string?)null, new ReplayDeadLettersView(count));
    }

    /// <summary>Throws one away for ever.</summary>
    /// <returns>204; 404.</returns>
    public static async Task<NoContent> Delete(Guid id, DeadLetterStore store, CurrentUser user, ILogger<DeadLetterCarrier> logger, CancellationToken ct)
    {
        if (!await store.Delete(id, ct)) throw Problem.NotFound("deadLetter");
        Log.Deleted(logger, user.Id, id);
        return TypedResults.NoContent();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{User} has dead letter {Id} handled again")]
        public static partial void Asked(ILogger logger, Guid user, Guid id);

        [LoggerMessage(LogLevel.Information, "{User} has {Count} dead letters of {Queue} handled again")]
        public static partial void AskedAll(ILogger logger, Guid user, long count, string queue);

        [LoggerMessage(LogLevel.Information, "{User} threw dead letter {Id} away")]
        public static partial void Deleted(ILogger logger, Guid user, Guid id);
    }
}
