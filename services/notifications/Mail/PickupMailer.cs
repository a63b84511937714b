using Platform.Notifications.Channels;

namespace Platform.Notifications.Mail;

/// <summary>Without a mail server: writes each mail as <c>{id}.eml</c> into a folder, whole or not at all; written again it replaces itself.</summary>
public sealed partial class PickupMailer(MailSettings settings, ILogger<PickupMailer> logger) : IMailer
{
    public async Task<Outcome> Send(OutgoingMail mail)
    {
        var file = Path.Combine(settings.Folder, $"{mail.Id}.eml");
        var unfinished = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(settings.Folder);
            await mail.Message.WriteToAsync(unfinished);
            File.Move(unfinished, file, overwrite: true);
            return Outcome.Accepted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotWritten(logger, e, mail.Id);
            return Outcome.Unreachable("the mail could not be written to the folder");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Mail {Mail} could not be written to PLATFORM_DATA/mail")]
        public static partial void NotWritten(ILogger logger, Exception exception, Guid mail);
    }
}
