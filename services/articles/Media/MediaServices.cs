using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

public static class MediaServices
{
    /// <summary>The media library: pictures, their files, and what keeps both in order.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services)
    {
        services.AddSingleton<PictureStore>().AddStoreInitialiser<PictureStore>((store, ct) => store.CreateIndexes(ct));
        services.AddSingleton<PictureFileStore>().AddStoreInitialiser<PictureFileStore>((store, ct) => store.CreateIndexes(ct));
        services.AddSingleton<PictureUseStore>().AddStoreInitialiser<PictureUseStore>((store, ct) => store.CreateIndexes(ct));
        return services.AddSingleton<PictureDecoding>().AddSingleton<MediaLibrary>().AddHostedService<SweepUploads>();
    }
}
