using Microsoft.AspNetCore.Mvc;

namespace Platform.Web;

/// <summary>Every page, once for each edition of the site: the site's own language at the root, the others under <c>/{language}</c>.</summary>
public static class SiteRoutes
{
    /// <summary>The longest comment, percent-encoded, with room to spare.</summary>
    private const long MaxForm = 128 * 1024;

    public static void MapSite(this WebApplication app, IReadOnlyList<Edition> editions)
    {
        foreach (var edition in editions)
        {
            // Readers have no session to ride on; UsePages refuses forms of other sites.
            var site = app.MapGroup(edition.Prefix).WithMetadata(edition, new RequestSizeLimitAttribute(MaxForm)).DisableAntiforgery();

            // To read
            site.Page("/", FrontPage.Show).AddEndpointFilter(OldAddress.OfFront);
            site.Page("/categories/{slug}", ListPage.Category);
            site.Page("/tags/{tag}", ListPage.Tag);
            site.Page("/authors/{slug}", ListPage.Author);
            site.Page("/search", SearchPage.Show);
            site.Page("/articles/{slug}", ArticlePage.Show);
            site.Page("/articles/{slug}/comments", PostComment.Elsewhere);
            site.MapPost("/articles/{slug}/comments", PostComment.Handle);
            site.Page("/articles/{slug}/comments/{id:guid}/like", ReactToComment.Elsewhere);
            site.MapPost("/articles/{slug}/comments/{id:guid}/like", ReactToComment.Like);
            site.Page("/articles/{slug}/comments/{id:guid}/report", ReactToComment.Elsewhere);
            site.MapPost("/articles/{slug}/comments/{id:guid}/report", ReactToComment.Report);

            // What a guest has in his hand
            site.Page("/comments/proof", GuestPages.AskToProve);
            site.MapPost("/comments/proof", GuestPages.Prove);
            site.MapPost("/comments/own", GuestPages.Export);
            site.MapPost("/comments/erase", GuestPages.Erase);
            site.Page("/replies/off/{token}", GuestPages.AskToEndReplyMails);
            site.MapPost("/replies/end", GuestPages.EndReplyMails);

            // To be told of news
            site.Page("/subscribe", SubscribePage.Show);
            site.MapPost("/subscribe", SubscribePage.Send);
            site.Page("/subscriptions/confirm", SubscriptionPages.AskToConfirm);
            site.MapPost("/subscriptions/confirm", SubscriptionPages.Confirm);
            site.Page("/subscriptions/{manageToken}", SubscriptionPages.Manage);
            site.MapPost("/subscriptions/{manageToken}", SubscriptionPages.Save);
            site.MapPost("/subscriptions/{manageToken}/end", SubscriptionPages.End);
            site.MapPost("/subscriptions/unsubscribe", SubscriptionPages.UnsubscribeByButton);
            site.Page("/unsubscribe/{token}", SubscriptionPages.AskToUnsubscribe);
            site.MapPost("/unsubscribe/{token}", SubscriptionPages.Unsubscribe).WithMetadata(new FromAnywhere()); // mail services send it (RFC 8058)

            // For machines
            foreach (var format in Feeds.Formats)
            {
                site.Page($"/feed.{format}", Feeds.Site).WithMetadata(format);
                site.Page($"/categories/{{slug}}/feed.{format}", Feeds.Category).WithMetadata(format);
            }
        }
        // Whatever is no page: perhaps an address that an article had on the site it came from.
        app.MapMethods("/{**path}", Pages.Read, OldAddress.Show).WithMetadata(editions[0]);
        app.MapMethods(PushWorker.Path, Pages.Read, PushWorker.Show).WithMetadata(editions[0]);
        app.MapMethods("/sitemap.xml", Pages.Read, Sitemaps.Index).WithMetadata(editions[0]);
        app.MapMethods("/sitemaps/{name}.xml", Pages.Read, Sitemaps.One).WithMetadata(editions[0]);
        app.MapMethods("/news-sitemap.xml", Pages.Read, Sitemaps.Newest).WithMetadata(editions[0]);
        app.MapMethods("/robots.txt", Pages.Read, Robots.Show).WithMetadata(editions[0]);
    }

    private static RouteHandlerBuilder Page(this RouteGroupBuilder site, string path, Delegate handler) => site.MapMethods(path, Pages.Read, handler);
}
