namespace Platform.Web;

/// <summary>The service worker that shows pushes. At the root, since it works for the whole site; always asked for anew, since browsers keep it beyond every page.</summary>
public static class PushWorker
{
    public const string Path = "/push-worker.js";

    /// <returns>200.</returns>
    public static Task Show(HttpContext http, Assets assets) => assets.ServeUnnamed(http, "push-worker.js");
}
