using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Reactions;

/// <summary>From a published article to settled deliveries.</summary>
public sealed class DispatchTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task Every_matching_subscriber_gets_one_mail_over_several_pages_and_the_counts_are_exact()
    {
        const int Count = (2 * Dispatch.PageSize) + 7;
        var addresses = await fixture.Subscribed(Count, "many");
        var others = await fixture.Subscribed(3, "others");
        var article = Article("many");
        await fixture.Spy.Publish(article);

        var done = await fixture.Done(article.ArticleId);
        Counts(done).ShouldBe((Count, Count, 0, 0, 0));
        done["etaSeconds"]!.GetValue<long>().ShouldBe(0);
        done["finishedAt"].ShouldNotBeNull();
        Recipients(addresses).Order().ShouldBe(addresses.Order());
        Recipients(others).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_publish_that_is_told_many_times_at_once_is_one_dispatch()
    {
        var addresses = await fixture.Subscribed(5, "told-often");
        var article = Article("told-often");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.Spy.Publish(article)));
        await fixture.Done(article.ArticleId);
        await fixture.Spy.Publish(article);
        await Settle("told-often");
        Recipients(addresses).Order().ShouldBe(addresses.Order());
    }

    [Fact]
    public async Task Topics_are_alternatives_and_one_reader_gets_one_mail_however_many_match()
    {
        var article = Article("football") with { CategoryTree = ["football", "sport"], Tags = ["World Cup", "الدوري"], Authors = ["salma"] };
        async Task<string> Reader(JsonObject topics, string language = "ar")
        {
            var address = NewAddress();
            await fixture.Subscribe(address, topics, language);
            return address;
        }
        JsonObject One(string kind, params string[] values) => new() { [kind] = new JsonArray([.. values.Select(v => JsonValue.Create(v))]) };
        var parent = await Reader(Categories("sport"));
        var tag = await Reader(One("tags", "world cup"));
        var author = await Reader(One("authors", "salma"));
        var several = await Reader(new JsonObject { ["categories"] = new JsonArray("football", "sport"), ["tags"] = new JsonArray("الدوري"), ["authors"] = new JsonArray("salma") });
        var all = await Reader(new JsonObject { ["all"] = true });
        var abroad = await Reader(new JsonObject { ["all"] = true, ["languages"] = new JsonArray("en", "ar") }, "en");
        var otherLanguage = await Reader(new JsonObject { ["all"] = true }, "en");
        var otherTopic = await Reader(Categories("economy"));
        await fixture.Spy.Publish(article);

        Counts(await fixture.Done(article.ArticleId)).Matched.ShouldBe(6);
        foreach (var address in new[] { parent, tag, author, several, all, abroad }) fixture.Sink.For(address).Count.ShouldBe(2, "the confirmation and the article");
        foreach (var address in new[] { otherLanguage, otherTopic }) fixture.Sink.For(address).Count.ShouldBe(1);
        Parse(fixture.Sink.For(abroad)[1]).HtmlBody!.ShouldContain("Read the full story");
        await Parallel.ForEachAsync([all, abroad, otherLanguage], async (address, _) => await End(address));
    }

    /// <summary>Names change; what readers once chose goes on.</summary>
    [Fact]
    public async Task A_subscription_by_a_former_name_goes_on_and_tags_match_in_any_spelling()
    {
        var article = Article("now") with { CategoryTree = ["now", "parent", "before"], Tags = ["الولايات المتّحدة"], FormerTags = ["امريكا"], Authors = ["sara"], FormerAuthors = ["sarah"] };
        JsonObject One(string kind, string value) => new() { [kind] = new JsonArray(JsonValue.Create(value)) };
        foreach (var topics in new[] { One("categories", "before"), One("authors", "sarah"), One("tags", "أمريكا"), One("tags", "الولايات المتحدة") }) await fixture.Subscribe(NewAddress(), topics, "ar");
        await fixture.Spy.Publish(article);

        Counts(await fixture.Done(article.ArticleId)).Matched.ShouldBe(4);
    }

    [Fact]
    public async Task A_correction_that_notifies_is_a_new_edition_and_one_that_does_not_mails_nobody()
    {
        var address = (await fixture.Subscribed(1, "corrected")).Single();
        var article = Article("corrected");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        await fixture.Spy.Publish(Correction(article, version: 4, edition: 1, notify: false));
        await fixture.Spy.Publish(Correction(article, version: 5, edition: 2, notify: true));
        await fixture.Done(article.ArticleId, 2);

        fixture.Sink.For(address).Count.ShouldBe(2);
        var mail = Parse(fixture.Sink.For(address)[1]);
        mail.Subject.ShouldBe("تصحيح: عنوان مصحح");
        mail.TextBody!.ShouldContain("ورد رقم خاطئ.");
        mail.MessageId.ShouldNotBe(Parse(fixture.Sink.For(address)[0]).MessageId);
    }

    [Fact]
    public async Task An_imported_article_is_told_to_nobody_until_a_correction_says_so()
    {
        var address = (await fixture.Subscribed(1, "imported")).Single();
        var article = Article("imported") with { Imported = true };
        await fixture.Spy.Publish(article);
        await Eventually.True(async () => await fixture.Store.GetCollection<KnownArticle>("articles").Find(a => a.Id == article.ArticleId).AnyAsync(), "the article to be known");
        await Settle("imported");
        fixture.Sink.For(address).ShouldBeEmpty();
        using var editor = fixture.Client("editor");
        (await editor.GetFromJsonAsync<JsonObject>($"/api/dispatches?articleId={article.ArticleId}"))!["items"]!.AsArray().ShouldBeEmpty();

        await fixture.Spy.Publish(Correction(article, version: 4, edition: 2, notify: true));
        await fixture.Done(article.ArticleId, 2);
        fixture.Sink.For(address).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_older_message_that_comes_late_does_not_bring_back_an_older_text()
    {
        var address = (await fixture.Subscribed(1, "late")).Single();
        var article = Article("late", "العنوان الأول");
        await fixture.Spy.Publish(Update(article, 9, "العنوان الأحدث"));
        await Eventually.True(async () => await fixture.Store.GetCollection<KnownArticle>("articles").Find(a => a.Id == article.ArticleId).AnyAsync(), "the update to be known");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        Parse(fixture.Sink.For(address).Single()).Subject.ShouldBe("العنوان الأحدث");
    }

    [Fact]
    public async Task An_article_withdrawn_before_anybody_was_told_is_told_to_nobody()
    {
        var address = (await fixture.Subscribed(1, "withdrawn-early")).Single();
        var article = Article("withdrawn-early");
        await fixture.Spy.Publish(Withdrawal(article));
        await Eventually.True(async () => await fixture.Store.GetCollection<KnownArticle>("articles").Find(a => a.Id == article.ArticleId).AnyAsync(), "the withdrawal to be known");
        await fixture.Spy.Publish(article);
        Counts(await fixture.Done(article.ArticleId)).ShouldBe((0, 0, 0, 0, 0));
        fixture.Sink.For(address).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_planned_again_after_a_crash_finds_its_rows_and_mails_nobody_twice()
    {
        var addresses = await fixture.Subscribed(4, "crashed");
        var article = Article("crashed");
        // What a planner leaves that was killed after it wrote the rows and before it wrote its position, ten seconds ago.
        var left = Dispatch.Of(article, Guid.NewGuid(), DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1));
        var ids = await fixture.Subscriptions.Find(s => s.Keys.Contains("ar|category|crashed")).Project(s => s.Id).ToListAsync();
        await fixture.Ledger.InsertManyAsync(ids.Take(3).Select(id => Delivery.Plan(left.Id, id, 0, DateTimeOffset.UtcNow)));
        await fixture.Store.GetCollection<KnownArticle>("articles").InsertOneAsync(KnownArticle.From(article));
        await fixture.Store.GetCollection<Dispatch>("dispatches").InsertOneAsync(left);

        Counts(await fixture.Done(article.ArticleId)).ShouldBe((4, 4, 0, 0, 0));
        Recipients(addresses).Order().ShouldBe(addresses.Order());
    }

    [Fact]
    public async Task Only_editors_see_dispatches_and_only_admins_the_masked_ledger()
    {
        var address = (await fixture.Subscribed(1, "seen")).Single();
        var article = Article("seen");
        await fixture.Spy.Publish(article);
        var id = (await fixture.Done(article.ArticleId))["id"]!.GetValue<string>();

        foreach (var (path, role, status) in new[] { ("", "writer", 403), ("", "moderator", 403), ("", "editor", 200), ("", "admin", 200), ("/deliveries", "editor", 403), ("/deliveries", "admin", 200) })
        {
            using var staff = fixture.Client(role);
            ((int)(await staff.GetAsync(new Uri($"/api/dispatches/{id}{path}", UriKind.Relative))).StatusCode).ShouldBe(status, $"{role} at {path}");
        }
        using var anyone = fixture.Client();
        ((int)(await anyone.GetAsync(new Uri($"/api/dispatches/{id}", UriKind.Relative))).StatusCode).ShouldBe(401);

        using var admin = fixture.Client("admin");
        ((int)(await admin.GetAsync(new Uri($"/api/dispatches/{Guid.NewGuid()}", UriKind.Relative))).StatusCode).ShouldBe(404);
        ((int)(await admin.GetAsync(new Uri($"/api/dispatches/{id}/deliveries?status=odd", UriKind.Relative))).StatusCode).ShouldBe(400);
        var text = await admin.GetStringAsync(new Uri($"/api/dispatches/{id}/deliveries?status=sent", UriKind.Relative));
        var row = JsonNode.Parse(text)!["items"]!.AsArray().Single()!;
        row["address"]!.GetValue<string>().ShouldBe("r•••@example.org");
        row["status"]!.GetValue<string>().ShouldBe("sent");
        text.ShouldNotContain(address);
    }

    [Fact]
    public async Task Dispatches_are_listed_newest_first_by_pages_and_by_article()
    {
        var articles = Enumerable.Range(0, 3).Select(_ => Article("listed")).ToList();
        foreach (var article in articles)
        {
            await fixture.Spy.Publish(article);
            await fixture.Done(article.ArticleId);
        }
        using var editor = fixture.Client("editor");
        var (seen, ids) = (new List<string>(), new List<string>());
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await editor.GetFromJsonAsync<JsonObject>("/api/dispatches?limit=2" + (cursor.Length == 0 ? "" : "&cursor=" + cursor)))!;
            seen.AddRange(page["items"]!.AsArray().Select(i => i!["articleId"]!.GetValue<string>()));
            ids.AddRange(page["items"]!.AsArray().Select(i => i!["id"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }
        seen.Where(s => articles.Any(a => a.ArticleId.ToString() == s)).ShouldBe(articles.Select(a => a.ArticleId.ToString()).Reverse());
        ids.Distinct().Count().ShouldBe(ids.Count);
        ((int)(await editor.GetAsync(new Uri("/api/dispatches?cursor=forged", UriKind.Relative))).StatusCode).ShouldBe(400);
        ((int)(await editor.GetAsync(new Uri("/api/dispatches?articleId=x", UriKind.Relative))).StatusCode).ShouldBe(400);
        ((int)(await editor.GetAsync(new Uri("/api/dispatches?page=2", UriKind.Relative))).StatusCode).ShouldBe(400);
    }

    internal static (long Matched, long Sent, long Failed, long Uncertain, long Suppressed) Counts(JsonObject dispatch)
    {
        long Of(string name) => dispatch[name]!.GetValue<long>();
        return (Of("matched"), Of("sent"), Of("failed"), Of("uncertain"), Of("suppressed"));
    }

    internal static ArticleCorrected Correction(ArticlePublished a, long version, int edition, bool notify) => new()
    {
        ArticleId = a.ArticleId,
        Version = version,
        Edition = edition,
        Language = a.Language,
        Title = "عنوان مصحح",
        Summary = a.Summary,
        Slug = a.Slug,
        Url = a.Url,
        Categories = a.Categories,
        CategoryTree = a.CategoryTree,
        CategoriesLeft = [],
        Tags = a.Tags,
        Authors = a.Authors,
        Breaking = a.Breaking,
        CommentsOpen = true,
        PublishedAt = a.PublishedAt,
        CorrectedAt = DateTimeOffset.UtcNow,
        Note = "ورد رقم خاطئ.",
        Notify = notify,
        Changed = ["title"],
    };

    internal static ArticleUpdated Update(ArticlePublished a, long version, string title) => new()
    {
        ArticleId = a.ArticleId,
        Version = version,
        Edition = a.Edition,
        Language = a.Language,
        Title = title,
        Summary = a.Summary,
        Slug = a.Slug,
        Url = a.Url,
        Categories = a.Categories,
        CategoryTree = a.CategoryTree,
        CategoriesLeft = [],
        Tags = a.Tags,
        Authors = a.Authors,
        Breaking = a.Breaking,
        CommentsOpen = true,
        PublishedAt = a.PublishedAt,
        UpdatedAt = DateTimeOffset.UtcNow,
    };

    internal static ArticleWithdrawn Withdrawal(ArticlePublished a) => new() { ArticleId = a.ArticleId, Version = a.Version + 1, Slug = a.Slug, Categories = a.Categories, WithdrawnAt = DateTimeOffset.UtcNow };

    private IEnumerable<string> Recipients(IReadOnlyList<string> among) => fixture.Sink.Mails.SelectMany(m => m.To).Where(among.ToHashSet().Contains);

    /// <summary>Whatever was on its way before is over when a later dispatch is done.</summary>
    private async Task Settle(string category)
    {
        var after = Article(category + "-after");
        await fixture.Spy.Publish(after);
        await fixture.Done(after.ArticleId);
    }

    private async Task End(string address)
    {
        using var client = fixture.Client();
        var mail = fixture.Sink.For(address)[^1];
        if (Parse(mail).Headers[MimeKit.HeaderId.ListUnsubscribe] is not null)
            await client.PostAsync(UnsubscribePath(mail), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        else await fixture.Subscriptions.DeleteOneAsync(s => s.AddressKey == address);
    }
}
