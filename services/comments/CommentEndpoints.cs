using Platform.Comments.Features;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>The routes of the public contract that Comments answers, by audience.</summary>
public static class CommentEndpoints
{
    public static void MapComments(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("/api").WithTags("Comments");
        readers.MapGet("articles/{articleId:guid}/comments", ListComments.Handle).WithName("listComments").WithPaging("sort", "parent", "depth");
        readers.MapPost("articles/{articleId:guid}/comments", PostComment.Handle).WithName("postComment").Creates().Produces<PostedComment>(StatusCodes.Status201Created);
        readers.MapGet("articles/{articleId:guid}/comments/live", FollowThread.Handle).WithName("followThread").Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
        readers.MapGet("comments/{id:guid}", GetComment.Handle).WithName("getComment").Produces<CommentView>();
        readers.MapPatch("comments/{id:guid}", ChangeComment.Edit).WithName("editComment").Produces<CommentView>();
        readers.MapDelete("comments/{id:guid}", ChangeComment.Delete).WithName("deleteComment").Produces(StatusCodes.Status204NoContent);
        readers.MapPut("comments/{id:guid}/reactions/like", ReactToComment.Like).WithName("likeComment");
        readers.MapDelete("comments/{id:guid}/reactions/like", ReactToComment.Unlike).WithName("unlikeComment");
        readers.MapPost("comments/{id:guid}/reports", ReportComment.Handle).WithName("reportComment").Creates().Produces(StatusCodes.Status202Accepted);
        readers.MapGet("comment-counts", CountComments.Handle).WithName("countComments").WithQuery("ids");

        var guests = routes.MapGroup("").WithTags("Guests");
        guests.MapPost("/api/guests/proof", ProveAddress.Prove).WithName("proveAddress");
        guests.MapGet("/api/guests/me/comments", ProveAddress.Export).WithName("exportOwnComments").WithPaging();
        guests.MapDelete("/api/guests/me", ProveAddress.Erase).WithName("eraseOwnComments").Produces(StatusCodes.Status202Accepted);
        guests.MapPost("/replies/off/{token}", ProveAddress.RepliesOff).WithName("endReplyMails");

        var moderators = routes.MapGroup("/api").WithTags("Moderation").For(Roles.Moderator);
        moderators.MapGet("moderation/queue", ReviewQueue.Handle).WithName("reviewQueue").WithPaging("status", "articleId", "q");
        moderators.MapGet("moderation/counts", CountQueues.Handle).WithName("countQueues");
        moderators.MapPost("moderation/decisions", DecideComments.Handle).WithName("decideComments");
        moderators.MapPost("moderation/claims", ClaimComments.Take).WithName("takeComments");
        moderators.MapPut("moderation/claims/{id:guid}", ClaimComments.Claim).WithName("claimComment");
        moderators.MapDelete("moderation/claims/{id:guid}", ClaimComments.Release).WithName("releaseComment").Produces(StatusCodes.Status204NoContent);
        moderators.MapGet("moderation/settings", EditSettings.Get).WithName("getModerationSettings").Produces<EditSettings.SettingsBody>();
        moderators.MapPut("moderation/settings", EditSettings.Put).WithName("putModerationSettings").Produces<EditSettings.SettingsBody>();
        moderators.MapPost("moderation/settings/trial", TrySettings.Start).WithName("trySettings").WithQuery("days").Creates().Produces<TrySettings.TrialStarted>(StatusCodes.Status202Accepted);
        moderators.MapGet("moderation/settings/trial/{id:guid}", TrySettings.Get).WithName("getTrial").WithPaging();
        moderators.MapPost("moderation/settings/trial/{id:guid}/apply", TrySettings.Apply).WithName("applyTrial").Produces<TrySettings.TrialView>().Produces<TrySettings.TrialView>(StatusCodes.Status202Accepted);
        moderators.MapPost("moderation/settings/trial/{id:guid}/undo", TrySettings.Undo).WithName("undoTrial").Produces<TrySettings.TrialView>().Produces<TrySettings.TrialView>(StatusCodes.Status202Accepted);
        moderators.MapPost("moderation/people/export", AnswerPerson.Export).WithName("exportPerson").Produces<QueuedComment>(StatusCodes.Status200OK, CommentLines.MediaType);
        moderators.MapPost("moderation/people/erase", AnswerPerson.Erase).WithName("erasePerson").Produces(StatusCodes.Status202Accepted);
        moderators.MapGet("moderation/log", ReadLog.Handle).WithName("readModerationLog").WithPaging("subject", "by");
        moderators.MapGet("moderation/bans", ManageBans.List).WithName("listBans").WithPaging();
        moderators.MapPost("moderation/bans", ManageBans.Add).WithName("addBan").Creates().Produces<ManageBans.BanView>(StatusCodes.Status201Created);
        moderators.MapDelete("moderation/bans/{id:guid}", ManageBans.Lift).WithName("liftBan").Produces(StatusCodes.Status204NoContent);
        moderators.MapGet("articles/{articleId:guid}/comments/export", ExportThread.Handle).WithName("exportThread").Produces<QueuedComment>(StatusCodes.Status200OK, CommentLines.MediaType);
        moderators.MapDelete("articles/{articleId:guid}/comments", EraseThread.Handle).WithName("eraseThread").Produces(StatusCodes.Status202Accepted);
        moderators.MapPut("articles/{articleId:guid}/thread", OverrideThread.Handle).WithName("overrideThread");
    }
}
