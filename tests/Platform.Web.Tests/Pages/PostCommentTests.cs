using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class PostCommentTests
{
    private const string Path = Site.ArticlePath + "/comments";
    private static readonly string Upstream = $"POST /api/articles/{Sample.ArticleId}/comments";

    [Theory]
    [InlineData("published", "نُشر تعليقك. شكراً لمشاركتك.")]
    [InlineData("held", "وصلنا تعليقك، وهو قيد المراجعة قبل نشره.")]
    public async Task A_guest_without_script_comments_and_is_told_what_became_of_it(string status, string told)
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead[Upstream] = Newsroom.Json(Sample.Comment(status: status), 201));
        var parent = Guid.CreateVersion7();
        using var response = await site.Post(Path, Form(body: "سطر أول\r\nسطر ثانٍ", parentId: parent.ToString()), ("X-Forwarded-For", "192.0.2.7"));

        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var sent = site.Newsroom.Received.ShouldHaveSingleItem();
        JsonDocument.Parse(sent.Body).RootElement.ToString().ShouldBe($$"""{"name":"Ali","email":"ali@example.com","body":"\u0633\u0637\u0631 \u0623\u0648\u0644\n\u0633\u0637\u0631 \u062B\u0627\u0646\u064D","parentId":"{{parent}}"}""");
        sent.Headers["X-Forwarded-For"].ShouldBe("192.0.2.7");
        sent.Headers.ShouldNotContainKey("Idempotency-Key");

        var location = response.Headers.Location!.OriginalString;
        location.ShouldStartWith("/articles/");
        var page = await site.Page(location[..location.IndexOf('#', StringComparison.Ordinal)]);
        page.One("[role=status]").Said().ShouldBe(told);
        page.One("[role=status]").Id.ShouldBe(location[(location.IndexOf('#', StringComparison.Ordinal) + 1)..]);
    }

    [Fact]
    public async Task The_scripts_key_makes_a_repeat_harmless()
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead[Upstream] = Newsroom.Json(Sample.Comment(), 201));
        await site.Post(Path, Form(key: "0123abcd"));
        await site.Post(Path, Form(key: "not a key\n"));

        site.Newsroom.Received.Select(r => r.Headers.GetValueOrDefault("Idempotency-Key")).ShouldBe(["0123abcd", null]);
    }

    [Fact]
    public async Task What_is_missing_is_marked_and_what_was_written_stays()
    {
        await using var site = await Site.WithArticle();
        using var response = await site.Post(Path, Form(name: " ", email: "not an address", body: "نص <b>طويل</b> \"كتبته\""));

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await Site.Parse(response);
        page.One("[role=alert]").Said().ShouldBe("لم يُرسل تعليقك. يُرجى مراجعة الحقول المشار إليها.");
        page.Field("الاسم").Error().ShouldBe("اكتب اسمك.");
        page.Field("البريد الإلكتروني").Error().ShouldBe("هذا ليس عنوان بريد صحيحاً. مثال: name@example.com");
        page.Field("البريد الإلكتروني").GetAttribute("value").ShouldBe("not an address");
        page.Field("التعليق").HasAttribute("aria-invalid").ShouldBeFalse();
        ((IHtmlTextAreaElement)page.Field("التعليق")).Value.ShouldBe("نص <b>طويل</b> \"كتبته\"");
        site.Newsroom.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lengths_are_counted_as_the_contract_counts_them()
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead[Upstream] = Newsroom.Json(Sample.Comment(), 201));

        (await site.Post(Path, Form(name: string.Concat(Enumerable.Repeat("😀", 80)), body: new string('ب', 5000)))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var page = await Site.Parse(await site.Post(Path, Form(name: new string('ن', 81), body: new string('ب', 5001))));
        page.Field("الاسم").Error().ShouldContain("80");
        page.Field("التعليق").Error().ShouldContain("5000");
        (await site.Post(Path, Form(body: new string('ب', 100_000)))).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData(422, "comment.bannedWord", "التعليق", "في تعليقك لفظ لا ننشره.")]
    [InlineData(409, "comment.nameTaken", "الاسم", "هذا الاسم لأحد العاملين في الموقع، اختر اسماً آخر.")]
    [InlineData(409, "thread.closed", null, "لم يُنشر تعليقك: أُغلق باب التعليق على هذه المادة.")]
    [InlineData(422, "comment.tooDeep", null, "لم يعد الرد على ذلك التعليق متاحاً، يمكنك إرسال تعليقك مستقلاً.")]
    [InlineData(409, "comment.repeat", null, "سبق أن أرسلت هذا التعليق.")]
    [InlineData(403, "comment.banned", null, "لا يمكنك التعليق هنا.")]
    [InlineData(429, "comment.tooSoon", null, "تعليقاتك متقاربة جداً. انتظر قليلاً ثم أعد الإرسال.")]
    [InlineData(404, "article.notFound", null, "يُفتح باب التعليق على هذه المادة بعد لحظات، يُرجى إعادة الإرسال.")]
    [InlineData(422, "idempotency.mismatch", null, "تعذّر إرسال تعليقك الآن. نصّك محفوظ أدناه، يُرجى إعادة المحاولة.")]
    [InlineData(503, "unavailable", null, "تعذّر إرسال تعليقك الآن. نصّك محفوظ أدناه، يُرجى إعادة المحاولة.")]
    public async Task A_refusal_is_said_in_the_readers_words_and_keeps_the_text(int status, string code, string? field, string told)
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead[Upstream] = Newsroom.Problem(status, code));
        var page = await Site.Parse(await site.Post(Path, Form()));

        (field is null ? page.One("[role=alert]").Said() : page.Field(field).Error()).ShouldBe(told);
        ((IHtmlTextAreaElement)page.Field("التعليق")).Value.ShouldBe("تعليق");
        page.Field("الاسم").GetAttribute("value").ShouldBe("Ali");
    }

    [Fact]
    public async Task Whoever_wrote_while_the_thread_was_closed_is_told_so_and_keeps_the_text()
    {
        await using var site = await Site.WithArticle(newsroom => { newsroom.Open = false; newsroom.Instead[Upstream] = Newsroom.Problem(409, "thread.closed"); });
        var page = await Site.Parse(await site.Post(Path, Form()));

        page.One("[role=alert]").Said().ShouldBe("لم يُنشر تعليقك: أُغلق باب التعليق على هذه المادة.");
        ((IHtmlTextAreaElement)page.Field("التعليق")).Value.ShouldBe("تعليق");
    }

    [Fact]
    public async Task A_field_that_Comments_finds_wrong_is_marked()
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead[Upstream] = Newsroom.Problem(400, "request.invalid", new { email = new[] { "No such domain." } }));

        (await Site.Parse(await site.Post(Path, Form()))).Field("البريد الإلكتروني").Error().ShouldStartWith("هذا ليس عنوان بريد صحيحاً");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 303)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://localhost:8080", 303)]
    public async Task Forms_of_other_sites_are_refused(string header, string value, int status)
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead[Upstream] = Newsroom.Json(Sample.Comment(), 201));
        using var response = await site.Post(Path, Form(), (header, value));

        response.StatusCode.ShouldBe((HttpStatusCode)status);
        site.Newsroom.Received.Count.ShouldBe(status == 303 ? 1 : 0);
    }

    [Fact]
    public async Task Only_forms_are_read()
    {
        await using var site = await Site.WithArticle();

        (await site.Http.PostAsync(new Uri(Path, UriKind.Relative), new StringContent("{}", null, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await site.Get(Path)).Headers.Location!.OriginalString.ShouldEndWith("#comments");
    }

    [Fact]
    public async Task A_form_left_open_finds_the_article_that_moved()
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Moved["قديم"] = "http://localhost:8080/api/articles/by-slug/" + Uri.EscapeDataString(Site.ArticlePath.Split('/')[^1]));
        using var response = await site.Post("/articles/قديم/comments", Form());

        response.StatusCode.ShouldBe(HttpStatusCode.PermanentRedirect);
        Uri.UnescapeDataString(response.Headers.Location!.OriginalString).ShouldBe(Path);
    }

    private static Dictionary<string, string> Form(string name = "Ali", string email = "ali@example.com", string body = "تعليق", string parentId = "", string? key = null)
    {
        var form = new Dictionary<string, string> { ["parentId"] = parentId, ["name"] = name, ["email"] = email, ["body"] = body };
        if (key is not null) form["key"] = key;
        return form;
    }
}
