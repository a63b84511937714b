using Microsoft.AspNetCore.Mvc;
using Platform.Articles.Features;
using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>Imports, and what is left of where articles came from.</summary>
public static class ImportRoutes
{
    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        // Readers who come by an address of the old site.
        routes.MapGet("/api/articles/by-permalink", FollowPermalink.Handle).WithTags("Reading").WithQuery("path").Produces(StatusCodes.Status301MovedPermanently);

        // Editors.
        var editors = routes.MapGroup("/api").WithTags("Importing").For(Roles.Editor);
        editors.MapPost("/imports", StartImport.Handle).WithQuery("dryRun").WithMetadata(new RequestSizeLimitAttribute(StartImport.MaxLength)).Accepts<IFormFile>("application/xml")
            .Produces<StartImport.ImportStarted>(StatusCodes.Status202Accepted);
        editors.MapPut("/imports/files/{**address}", GivePicture.Handle).WithMetadata(new RequestSizeLimitAttribute(UploadFile.MaxBytes)).Accepts<IFormFile>("image/*")
            .Produces<UploadMedia.UploadedMedia>().Produces<UploadMedia.UploadedMedia>(StatusCodes.Status201Created);
        editors.MapGet("/imports", ShowImports.List).WithPaging();
        editors.MapGet("/imports/{id:guid}", ShowImports.Get);
    }

    public static IServiceCollection AddImports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ImportStore>().AddStoreInitialiser<ImportStore>((store, ct) => store.CreateIndexes(ct));
        services.AddSingleton<ImportedArticleStore>().AddStoreInitialiser<ImportedArticleStore>((store, ct) => store.CreateIndexes(ct));
        services.AddSingleton<ImportFileStore>().AddSingleton(new ImportSeal(configuration)).AddSingleton<ImportSignal>();
        services.AddSingleton<ArticleImporter>().AddSingleton<CommentHandover>().AddSingleton<ImportedPictures>().AddSingleton<ImportRun>();
        return services.AddHostedService<ImportWorker>();
    }
}
