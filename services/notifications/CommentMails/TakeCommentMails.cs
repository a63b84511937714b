using MassTransit;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Notifications.CommentMails;

/// <summary>Takes in what Comments wants mailed; <see cref="SendCommentMails"/> sends it. A message that comes twice is one mail.</summary>
public sealed class TakeCommentMails(CommentMailStore mails, Signals signals, TimeProvider clock) : IConsumer<CommentProofRequested>, IConsumer<CommentRepliesGathered>
{
    /// <summary>A message that comes again after so long would be another mail; none does.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    public Task Consume(ConsumeContext<CommentProofRequested> context)
    {
        var m = context.Message;
        return Take(new(m.MailId, m.Address, m.Link, null, 0, m.Language, m.RequestedAt, 0, clock.Now(), clock.Now() + Remembered), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<CommentRepliesGathered> context)
    {
        var m = context.Message;
        return Take(new(m.MailId, m.Address, m.Off, [.. m.Names.Zip(m.Titles, m.Urls).SelectMany(r => new[] { r.First, r.Second, r.Third })], m.Count, m.Language, m.RequestedAt, 0, clock.Now(), clock.Now() + Remembered), context.CancellationToken);
    }

    private async Task Take(CommentMail mail, CancellationToken ct)
    {
        await mails.Add(mail, ct);
        signals.CommentMails.Raise();
    }
}
