using System.Net;
using AngleSharp.Dom;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class ArticlePageTests
{
    [Fact]
    public async Task The_lead_image_keeps_its_place_and_is_there_in_every_width()
    {
        var id = Guid.NewGuid();
        await using var site = await Site.WithArticle(newsroom =>
        {
            newsroom.Articles[0] = Sample.Article(leadImage: new { id, alt = "جسر", caption = "شرح", credit = "وكالة", url = $"http://localhost:8080/media/{id}/1600.webp" });
            newsroom.LeadPicture = new { width = 3000, height = 2000 };
        });

        var page = await site.Page(Site.ArticlePath);
        var lead = page.One(".lead-picture img");
        (lead.GetAttribute("src"), lead.GetAttribute("alt"), lead.GetAttribute("width"), lead.GetAttribute("height")).ShouldBe(($"/media/{id}/1600.webp", "جسر", "3000", "2000"));
        lead.GetAttribute("srcset").ShouldBe($"/media/{id}/320.webp 320w, /media/{id}/640.webp 640w, /media/{id}/960.webp 960w, /media/{id}/1600.webp 1600w");
        page.One(".lead-picture figcaption").Said().ShouldContain("شرح");
        page.One("meta[property='og:image']").GetAttribute("content").ShouldBe($"http://localhost:8080/media/{id}/1600.jpeg");
        page.One("meta[name='twitter:card']").GetAttribute("content").ShouldBe("summary_large_image");
        var card = (await site.Page("/")).QuerySelector(".card-picture img")!;
        (card.GetAttribute("width"), card.GetAttribute("alt"), card.GetAttribute("srcset")!.Contains("/320.webp 320w", StringComparison.Ordinal)).ShouldBe(("1600", "", true));
    }

    [Fact]
    public async Task An_article_is_set_as_a_newsroom_sets_it()
    {
        await using var site = await Site.WithArticle();
        var page = await site.Page(Site.ArticlePath);
        var story = page.One("article.story");

        string[] inOrder = [".story-sections", ".kicker", "h1", ".standfirst", ".authors", ".times", ".dateline", "blockquote"];
        var places = inOrder.Select(s => page.All.Index(story.One(s))).ToArray();
        places.ShouldBe(places.Order());

        story.QuerySelectorAll(".story-sections a").Select(a => a.Said()).ShouldBe(["سياسة", "اقتصاد"]);
        story.One("h1").Said().ShouldBe("البرلمان يقرّ الموازنة");
        story.One(".dateline").Said().ShouldBe("بغداد / وكالة");
        story.One(".times time").Said().ShouldBe("23 نوفمبر 2026، 14:05 بتوقيت غرينتش");
        story.One(".times time").GetAttribute("datetime").ShouldBe("2026-11-23T14:05:00Z");
        story.One(".story-body blockquote").Said().ShouldBe("لن نتراجع");
        page.Title.ShouldBe("البرلمان يقرّ الموازنة | المنصّة");
        page.One("link[rel=canonical]").GetAttribute("href").ShouldBe("http://localhost:8080/articles/" + Uri.EscapeDataString("البرلمان-يقر-الموازنة"));
    }

    [Theory]
    [InlineData("", "مسار التنقل", "مقالات ذات صلة", "التعليقات (1)", "الاسم", "البريد الإلكتروني", "التعليق", "إرسال التعليق", "رد", "العودة إلى الأعلى", "مشاركة", "اشترك", "التالي")]
    [InlineData("/en", "Breadcrumb", "Related", "Comments (1)", "Name", "E-mail", "Comment", "Post comment", "Reply", "Back to top", "Share", "Subscribe", "Next")]
    public async Task Everything_has_the_name_that_the_contract_gives_it(string prefix, string breadcrumb, string related, string comments, string name, string email, string comment, string post, string reply, string top, string share, string subscribe, string next)
    {
        await using var site = await Site.Start(newsroom =>
        {
            newsroom.Articles.Add(Sample.Article(slug: "a", language: prefix.Length == 0 ? "ar" : "en"));
            newsroom.Comments.Add(Sample.Comment());
            newsroom.Next = "more";
        });
        var page = await site.Page(prefix + "/articles/a");

        page.One("nav.breadcrumb").GetAttribute("aria-label").ShouldBe(breadcrumb);
        page.QuerySelectorAll("h2").Select(h => h.Said()).ShouldBe([related, comments]);
        page.Field(name).GetAttribute("autocomplete").ShouldBe("name");
        page.Field(email).GetAttribute("type").ShouldBe("email");
        page.Field(comment).LocalName.ShouldBe("textarea");
        page.One("#comment-form button").Said().ShouldBe(post);
        page.One(".comment button.reply").Said().ShouldBe(reply);
        page.QuerySelectorAll("a").Count(a => a.Said() == top && a.GetAttribute("href") == "#top").ShouldBe(1);
        page.Button(share).GetAttribute("popovertarget").ShouldBe("share");
        page.QuerySelectorAll("header a").Select(a => a.Said()).ShouldContain(subscribe);
        page.QuerySelectorAll("a[rel=next]").Select(a => a.Said()).ShouldBe([next]);
    }

    [Fact]
    public async Task What_strangers_write_is_text_and_stays_apart()
    {
        const string hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        await using var site = await Site.Start(newsroom =>
        {
            newsroom.Articles.Add(Sample.Article(hostile, "a", kicker: hostile, summary: hostile, tags: [hostile], authors: [new { slug = "x", name = hostile }], categories: [new { slug = "politics", name = hostile }], corrections: [new { at = "2026-11-23T16:00:00Z", note = hostile }], leadImage: new { id = Guid.NewGuid(), alt = hostile, caption = hostile, credit = hostile, url = "http://localhost:8080/media/1/800.webp" }));
            newsroom.Related.Add(Sample.Article(hostile, "b"));
            newsroom.Comments.Add(Sample.Comment(hostile, hostile, replies: [Sample.Comment(hostile, hostile)]));
            newsroom.Categories.Add(Sample.Category("z", hostile, hostile));
        });
        var page = await site.Page("/articles/a");

        page.One("h1").TextContent.ShouldBe(hostile);
        page.QuerySelectorAll("script").Length.ShouldBe(1);
        page.QuerySelectorAll("[onerror]").ShouldBeEmpty();
        page.QuerySelectorAll("bdi.comment-name").Select(n => n.TextContent).ShouldBe([hostile, hostile]);
        page.QuerySelectorAll(".comment-text").ShouldAllBe(t => t.TextContent == hostile && t.GetAttribute("dir") == "auto");
        var lead = page.One(".lead-picture img");
        lead.GetAttribute("src").ShouldBe("/media/1/800.webp");
        lead.GetAttribute("srcset").ShouldBe("/media/1/320.webp 320w, /media/1/640.webp 640w, /media/1/800.webp 800w");
        page.One("meta[property='og:image']").GetAttribute("content").ShouldBe("http://localhost:8080/media/1/800.jpeg");
        page.QuerySelectorAll("img").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Arabic_goes_out_as_it_is()
    {
        await using var site = await Site.WithArticle();

        (await site.Http.GetStringAsync(new Uri(Site.ArticlePath, UriKind.Relative))).ShouldContain("<h1>البرلمان يقرّ الموازنة</h1>");
    }

    [Theory]
    [InlineData("http://localhost:8080/api/pages/articles/%D8%AC%D8%AF%D9%8A%D8%AF")]
    [InlineData("http://localhost:8080/articles/%D8%AC%D8%AF%D9%8A%D8%AF")]
    [InlineData("/api/pages/articles/جديد")]
    public async Task An_old_slug_leads_to_the_new_page_for_ever(string location)
    {
        await using var site = await Site.Start(newsroom =>
        {
            newsroom.Moved["قديم"] = new Uri(new Uri("http://localhost:8080"), location).AbsoluteUri;
            newsroom.Articles.Add(Sample.Article(slug: "جديد"));
        });
        using var response = await site.Get("/articles/قديم");

        response.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        response.Headers.GetValues("Location").ShouldHaveSingleItem().ShouldBe("http://localhost:8080/articles/%D8%AC%D8%AF%D9%8A%D8%AF");
    }

    [Fact]
    public async Task An_article_is_at_home_in_its_languages_edition()
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.Add(Sample.Article(slug: "budget", language: "en", translations: [new { language = "ar", id = Guid.NewGuid(), slug = "موازنة" }, new { language = "fr", id = Guid.NewGuid(), slug = "f" }])));
        using var moved = await site.Get("/articles/budget");

        moved.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        moved.Headers.Location!.OriginalString.ShouldBe("http://localhost:8080/en/articles/budget");
        var page = await site.Page("/en/articles/budget");
        page.One("header a[hreflang=ar]").GetAttribute("href").ShouldBe("/articles/" + Uri.EscapeDataString("موازنة"));
        page.QuerySelectorAll("link[hreflang]").Select(l => l.GetAttribute("hreflang")).ShouldBe(["ar"]);
    }

    [Fact]
    public async Task A_withdrawn_article_is_gone_and_an_unknown_one_was_never_there()
    {
        await using var site = await Site.Start(newsroom => newsroom.Withdrawn.Add("gone"));

        (await site.Page("/articles/gone", HttpStatusCode.Gone)).One("h1").Said().ShouldBe("سُحبت هذه المادة");
        (await site.Page("/articles/never", HttpStatusCode.NotFound)).One("h1").Said().ShouldBe("الصفحة غير موجودة");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_Articles_the_page_says_come_back(bool hangs)
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead["GET /api/pages/*"] = hangs ? newsroom.Hang : Newsroom.Problem(500, "internal"));
        using var response = await site.GetAfter(TimeSpan.FromSeconds(1.2), Site.ArticlePath);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Site.Parse(response)).One("h1").Said().ShouldBe("نعود إليكم بعد قليل");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_Comments_the_article_is_there_all_the_same(bool hangs)
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead[$"GET /api/articles/{Sample.ArticleId}/comments"] = hangs ? newsroom.Hang : Newsroom.Problem(503, "unavailable"));
        using var response = await site.GetAfter(TimeSpan.FromSeconds(1.2), Site.ArticlePath);
        var page = await Site.Parse(response);

        page.One(".story-body").Said().ShouldContain("المباحثات مستمرة");
        page.One(".comments .empty").Said().ShouldStartWith("التعليقات غير متاحة الآن");
        page.QuerySelectorAll("#comment-form").ShouldBeEmpty();
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.Contains("Cache-Tag").ShouldBeFalse();
    }

    [Fact]
    public async Task The_gateway_may_keep_the_page_until_something_on_it_changes()
    {
        await using var site = await Site.WithArticle();
        using var response = await site.Get(Site.ArticlePath);

        response.Headers.GetValues("Cache-Tag").Single().Split(',').ShouldBe(["categories", "author:sara", $"article:{Sample.ArticleId}", "article:0190a000-0000-7000-8000-000000000002"], ignoreOrder: true);
        using var posted = await site.Get(Site.ArticlePath + "?posted=published");
        posted.Headers.Contains("Cache-Tag").ShouldBeFalse();
        posted.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_comment_holds_its_replies_and_the_way_to_more()
    {
        var id = Guid.CreateVersion7();
        await using var site = await Site.WithArticle(newsroom =>
        {
            newsroom.Comments.Clear();
            newsroom.Comments.Add(Sample.Comment(id: id, replies: [Sample.Comment("John Smith", "I agree", staff: true)], moreReplies: "c 1"));
        });
        var page = await site.Page(Site.ArticlePath);
        var comment = page.One($"#comment-{id}");

        comment.LocalName.ShouldBe("article");
        comment.One(".replies article").QuerySelector(".badge").Said().ShouldBe("هيئة التحرير");
        var more = comment.One(".more a").GetAttribute("href")!;
        more.ShouldEndWith($"?thread={id}&cursor=c%201#comments");
        var thread = await site.Page(more);
        thread.QuerySelectorAll(".thread").ShouldBeEmpty();
        site.Newsroom.Asked.ShouldContain(q => q.Contains($"parent={id}", StringComparison.Ordinal) && q.Contains("cursor=c%201", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replying_without_script_opens_the_form_for_that_comment()
    {
        var id = Guid.CreateVersion7();
        await using var site = await Site.WithArticle(newsroom => newsroom.Comments.Insert(0, Sample.Comment("مريم", id: id)));
        var page = await site.Page($"{Site.ArticlePath}?reply={id}");

        page.One("input[name=parentId]").GetAttribute("value").ShouldBe(id.ToString());
        page.One("#replying").HasAttribute("hidden").ShouldBeFalse();
        page.One("#replying span").Said().ShouldBe("ردّاً على مريم");
        (await site.Page(Site.ArticlePath)).One("#replying").HasAttribute("hidden").ShouldBeTrue();
    }

    [Fact]
    public async Task A_reply_with_replies_of_its_own_leads_to_them()
    {
        var id = Guid.CreateVersion7();
        await using var site = await Site.WithArticle(newsroom => newsroom.Comments.Insert(0, Sample.Comment(replies: [Sample.Comment("مريم", id: id, replyCount: 2)])));
        var page = await site.Page(Site.ArticlePath);

        page.One($"#comment-{id} .more a").Said().ShouldBe("الردود (2)");
        page.One($"#comment-{id} .more a").GetAttribute("href")!.ShouldEndWith($"?thread={id}#comments");
        (await site.Page($"{Site.ArticlePath}?thread={Guid.NewGuid()}")).QuerySelectorAll(".comment").Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Four_levels_stand_in_each_other_and_what_is_deeper_says_whom_it_answers()
    {
        Guid[] ids = [.. Enumerable.Range(0, 7).Select(_ => Guid.CreateVersion7())];
        object Level(int i, object[] replies, string? more = null) => Sample.Comment($"قارئ {i + 1}", id: ids[i], parentId: i == 0 ? null : ids[i - 1], replies: replies, moreReplies: more, replyCount: 1);
        await using var site = await Site.WithArticle(newsroom => newsroom.Comments.Insert(0, Level(0, [Level(1, [Level(2, [Level(3, [Level(4, []), Level(5, [])], "c")], "b")], "a")])));

        var page = await site.Page(Site.ArticlePath);

        site.Newsroom.Asked.ShouldContain(q => q.Contains("depth=4", StringComparison.Ordinal));
        page.QuerySelectorAll($"#comment-{ids[0]} .replies:not(.flat)").Length.ShouldBe(3);
        var flat = page.One($"#comment-{ids[3]} > .replies.flat");
        flat.QuerySelectorAll("li > .comment").Select(c => c.Id).ShouldBe([$"comment-{ids[4]}", $"comment-{ids[5]}"]);
        var link = page.One($"#comment-{ids[5]} > .replying a");
        (link.Said(), link.GetAttribute("href")).ShouldBe(("ردّاً على قارئ 5", $"#comment-{ids[4]}"));
        page.QuerySelectorAll($"#comment-{ids[2]} > .replying").ShouldBeEmpty();
        page.QuerySelectorAll($"#comment-{ids[4]} .more").ShouldBeEmpty();
        page.One($"#comment-{ids[1]} > .more a").GetAttribute("href")!.ShouldEndWith($"?thread={ids[1]}&cursor=a#comments");
        page.One($"#comment-{ids[3]} > .more a").GetAttribute("href")!.ShouldEndWith($"?thread={ids[3]}#comments");

        await site.Page($"{Site.ArticlePath}?thread={ids[3]}");
        site.Newsroom.Asked.ShouldContain(q => q.Contains("depth=3", StringComparison.Ordinal) && q.Contains($"parent={ids[3]}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_thread_that_moderators_closed_is_closed_whatever_the_article_says()
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Open = false);

        (await site.Page(Site.ArticlePath)).QuerySelectorAll("#comment-form").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_closed_thread_shows_its_comments_and_no_form()
    {
        await using var site = await Site.WithArticle(newsroom => { newsroom.Articles.Clear(); newsroom.Articles.Add(Sample.Article(commentsOpen: false)); });
        var page = await site.Page(Site.ArticlePath);

        page.QuerySelectorAll(".comment").Length.ShouldBe(2);
        page.QuerySelectorAll("#comment-form, .reply").ShouldBeEmpty();
        page.One(".comments > .empty").Said().ShouldBe("أُغلق باب التعليق على هذه المادة.");
    }

    [Fact]
    public async Task Breaking_news_corrections_and_updates_are_marked()
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.Add(Sample.Article(breaking: true, updatedAt: "2026-11-23T18:00:00Z", corrections: [new { at = "2026-11-23T18:00:00Z", note = "الرقم الصحيح 2500." }])));
        var page = await site.Page(Site.ArticlePath);

        page.One(".story .breaking").Said().ShouldBe("عاجل");
        page.One(".corrections h2").Said().ShouldBe("تصحيح");
        page.One(".corrections p").Said().ShouldBe("23 نوفمبر 2026، 18:00 بتوقيت غرينتش: الرقم الصحيح 2500.");
        page.One(".updated").Said().ShouldBe("آخر تحديث 23 نوفمبر 2026، 18:00 بتوقيت غرينتش");
    }
}
