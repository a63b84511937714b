using Microsoft.AspNetCore.Mvc;
using Platform.Articles.Exports;
using Platform.Articles.Features;
using Platform.Articles.Imports;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>The whole route table, by audience.</summary>
public static class ArticleEndpoints
{
    public static void MapArticles(this IEndpointRouteBuilder routes)
    {
        // Readers; staff see more through the same doors.
        var readers = routes.MapGroup("/api").WithTags("Reading");
        readers.MapGet("/articles", ListArticles.Handle).WithPaging("language", "category", "tag", "author", "from", "to", "q", "sort", "status");
        readers.MapGet("/articles/{id:guid}", GetArticle.ById).Produces<ArticleView>();
        readers.MapGet("/articles/by-slug/{slug}", GetArticle.BySlug).Produces<ArticleView>().Produces(StatusCodes.Status301MovedPermanently);
        readers.MapGet("/articles/{id:guid}/related", RelatedArticles.Handle).WithQuery("limit");
        readers.MapGet("/categories", ManageCategories.List).WithPaging();
        readers.MapGet("/categories/{slug}", ManageCategories.Get).Produces<ManageCategories.CategoryView>().Produces(StatusCodes.Status301MovedPermanently);
        readers.MapGet("/authors", ManageAuthors.List).WithPaging();
        readers.MapGet("/authors/{slug}", ManageAuthors.Get).Produces<ManageAuthors.AuthorView>().Produces(StatusCodes.Status301MovedPermanently);
        readers.MapGet("/tags", ManageTags.List).WithPaging();
        readers.MapGet("/tags/{tag}", ManageTags.Get).Produces<ManageTags.TagView>().Produces(StatusCodes.Status301MovedPermanently);

        // Web alone
        readers.MapGet("/pages/articles/{slug}", ReadArticlePage.Handle).ExcludeFromDescription();
        readers.MapGet("/sitemap/months", ReadSitemap.Months).ExcludeFromDescription();
        readers.MapGet("/sitemap/articles", ReadSitemap.Addresses).WithQuery("from", "to", "limit").ExcludeFromDescription();

        readers.MapGet("/media/{id:guid}", ManageMedia.Get).Produces<ManageMedia.MediaView>();
        routes.MapMethods("/media/{id}/{file}", [HttpMethods.Get, HttpMethods.Head], ShowMedia.Handle).WithTags("Reading");
        routes.MapImports();

        // Writers; the article itself says which are theirs.
        var writers = routes.MapGroup("/api/articles").WithTags("Writing").For(Roles.Writer);
        writers.MapPost("/", CreateArticle.Handle).Creates().Produces<ArticleView>(StatusCodes.Status201Created);
        writers.MapPut("/{id:guid}", EditArticle.Handle).Produces<ArticleView>();
        writers.MapDelete("/{id:guid}/translation", Translations.Unlink).Produces(StatusCodes.Status204NoContent);
        writers.MapPost("/{id:guid}/submit", ReviewArticle.Submit).Produces<ArticleView>();
        writers.MapGet("/{id:guid}/revisions", ReadRevisions.List).WithPaging();
        writers.MapGet("/{id:guid}/revisions/{version:long}", ReadRevisions.Get).Produces<ArticleView>();
        writers.MapGet("/{id:guid}/revisions/{version:long}/diff", ReadRevisions.Diff).WithQuery("against");

        var media = routes.MapGroup("/api/media").WithTags("Media").For(Roles.Writer);
        media.MapPost("/", UploadMedia.Handle).Creates().WithMetadata(new RequestSizeLimitAttribute(UploadMedia.MaxBody)).Accepts<UploadMedia.UploadMediaForm>("multipart/form-data").Produces<UploadMedia.UploadedMedia>(StatusCodes.Status201Created).Recorded("media");
        media.MapGet("/", ManageMedia.List).WithPaging("q");
        media.MapPut("/{id:guid}", ManageMedia.Describe).Produces<ManageMedia.MediaView>().Recorded("media");

        // Editors.
        var editors = routes.MapGroup("/api").WithTags("Editing").For(Roles.Editor);
        editors.MapPost("/articles/{id:guid}/return", ReviewArticle.Return).Produces<ArticleView>();
        editors.MapPost("/articles/{id:guid}/publish", PublishArticle.Handle).Produces<ArticleView>();
        editors.MapPost("/articles/{id:guid}/correct", CorrectArticle.Handle).Produces<ArticleView>();
        editors.MapPost("/articles/{id:guid}/withdraw", WithdrawArticle.Handle).Produces<ArticleView>();
        editors.MapDelete("/articles/{id:guid}", WithdrawArticle.Delete).Produces(StatusCodes.Status204NoContent);
        editors.MapPost("/articles/{id:guid}/revisions/{version:long}/restore", RestoreRevision.Handle).Produces<ArticleView>();
        editors.MapGet("/articles/{id:guid}/log", ReadLog.Of).WithPaging();
        editors.MapGet("/articles/log", ReadLog.All).WithPaging("from", "to", "user", "action");
        editors.MapGet("/exports", ExportEverything.Handle).Produces<string>(StatusCodes.Status200OK, ExportEverything.MediaType);
        editors.MapDelete("/media/{id:guid}", ManageMedia.Delete).Produces(StatusCodes.Status204NoContent).Recorded("media");
        editors.MapPost("/categories", ManageCategories.Create).Creates().Produces<ManageCategories.CategoryView>(StatusCodes.Status201Created).Recorded("category");
        editors.MapPut("/categories/{slug}", ManageCategories.Change).Produces<ManageCategories.CategoryView>().Recorded("category");
        editors.MapPost("/categories/{slug}/merge", ManageCategories.Merge).Produces<ManageCategories.CategoryView>().Recorded("category", "merged");
        editors.MapDelete("/categories/{slug}", ManageCategories.Delete).Produces(StatusCodes.Status204NoContent).Recorded("category");
        editors.MapPost("/authors", ManageAuthors.Create).Creates().Produces<ManageAuthors.AuthorView>(StatusCodes.Status201Created).Recorded("author");
        editors.MapPut("/authors/{slug}", ManageAuthors.Change).Produces<ManageAuthors.AuthorView>().Recorded("author");
        editors.MapPost("/authors/{slug}/merge", ManageAuthors.Merge).Produces<ManageAuthors.AuthorView>().Recorded("author", "merged");
        editors.MapDelete("/authors/{slug}", ManageAuthors.Delete).Produces(StatusCodes.Status204NoContent).Recorded("author");
        editors.MapPost("/tags/{tag}/merge", ManageTags.Merge).Recorded("tag", "merged");
    }
}
