using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>An editor corrects a published article, with a note that readers see.</summary>
public static class CorrectArticle
{
    /// <summary>The fields that change, as in an article; what is absent (or null) stays, and "" takes away what may be empty.</summary>
    /// <param name="Note">What was wrong, for readers; at most 1,000 characters.</param>
    /// <param name="Notify">Whether subscribers are told, as of a new edition; absent means no.</param>
    public sealed record CorrectArticleRequest(string? Note = null, bool? Notify = null) : ArticleInput;

    /// <summary>Adds to the corrections.</summary>
    /// <returns>200 with the article; 400; 404; 409 <c>article.slugTaken</c>; 412 stale; 422 as for an edit, and <c>article.wrongStatus</c> where it is not published.</returns>
    public static async Task<Versioned<ArticleView>> Handle(Guid id, CorrectArticleRequest request, IfMatch expected, ArticleIntake intake, ArticleStore store, ArticleChanges changes,
        CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Correct, expected, user, ct);
        var errors = new FieldErrors();
        var note = errors.Text(request.Note, 1000);
        errors.ThrowIfAny();
        var (content, slug) = await intake.Check(Over(request, article), ct);
        var original = await Translations.Original(request, content, id, store, user, ct);
        // What was not sent stays to the letter, also where a newer sanitiser would see it otherwise.
        if (request.Body is null) content = content with { Body = article.Content.Body, Text = article.Content.Text };
        var saved = await changes.Save(article, article.Correct(content, slug, note, request.Notify ?? false, user, clock.Now()), ct);
        if (original is not null) saved = await store.Link(saved, original, ct);
        return await changes.Show(saved, ct);
    }

    private static LeadImageInput? Input(LeadImage? image) => image is null ? null : new(image.Id, image.Alt, image.Caption ?? "", image.Credit ?? "");

    private static ArticleInput Over(ArticleInput request, Article article)
    {
        var content = article.Content;
        return new ArticleInput(request.Language ?? content.Language, request.Title ?? content.Title, request.Summary ?? content.Summary, request.Kicker ?? content.Kicker,
            request.Dateline ?? content.Dateline, request.Body ?? content.Body, request.Slug, request.Categories ?? content.Categories, request.Tags ?? content.Tags,
            request.Authors ?? content.Authors, request.LeadImage ?? Input(content.LeadImage), request.Breaking ?? content.Breaking, request.CommentsOpen ?? content.CommentsOpen);
    }
}
