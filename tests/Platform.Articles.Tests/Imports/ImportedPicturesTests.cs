using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Platform.Articles.Tests.Media;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Imports;

public sealed class ImportedPicturesTests(ArticlesFixture fixture) : IClassFixture<ArticlesFixture>
{
    private readonly string _site = Importing.NewSite();
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    private string Address(string file) => $"{_site}/wp-content/uploads/2024/01/{file}";

    private WxrFile File(params WxrPost[] posts) => new(posts) { Site = _site };

    private WxrPost Attachment(int id, string file, string? alt = null, string caption = "") => new(id, $"ملف {id}", "")
    {
        Type = "attachment",
        Status = "inherit",
        Excerpt = caption,
        Raw = $"<wp:attachment_url><![CDATA[{Address(file)}]]></wp:attachment_url>" + (alt is null ? "" : Meta("_wp_attachment_image_alt", alt)),
    };

    private WxrPost Post(int id, string content, int? lead = null) => new(id, $"خبر مصور {_mark} {id}", content) { Raw = lead is null ? "" : Meta("_thumbnail_id", $"{lead}") };

    private static string Meta(string key, string value) => $"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>";

    private Task<Answer> Give(string file, byte[]? bytes = null, HttpClient? by = null) => Put(Address(file)[8..], bytes ?? Pictures.Jpeg(800, 600), by);

    private async Task<Answer> Put(string address, byte[] bytes, HttpClient? by = null)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        var response = await (by ?? fixture.Editor).PutAsync(new Uri("/api/imports/files/" + address, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response);
    }

    private Task<JsonNode> Article(int id) => fixture.Reader.BySlug($"خبر-مصور-{_mark}-{id}");

    [Fact]
    public async Task Pictures_that_were_given_lead_articles_and_stand_in_their_texts_in_any_size()
    {
        var lead = (await Give("lead.jpg")).Expect(HttpStatusCode.Created).Text("id");
        var inner = (await Give("صورة.jpg")).Expect(HttpStatusCode.Created).Text("id");

        // The attachment of the lead image comes after the article that shows it.
        var import = await fixture.Editor.Import(File(
            Post(1, $"<p>قبل</p>[caption id=\"a\" width=\"300\"]<a href=\"{Address(Uri.EscapeDataString("صورة.jpg"))}\"><img class=\"size-medium\" src=\"{Address(Uri.EscapeDataString("صورة") + "-300x225.jpg")}?x=1\" alt=\"شارع\"></a> شرح[/caption]", 8),
            Attachment(7, Uri.EscapeDataString("صورة.jpg")), Attachment(8, "lead.jpg", "وزراء حول طاولة", "الاجتماع أمس")));

        import.Counts().ShouldBe((1, 0, 2, 0));
        import["notes"]!.AsArray().ShouldBeEmpty();
        var article = await Article(1);
        article["leadImage"]!.Text("id").ShouldBe(lead);
        article["leadImage"]!.Text("alt").ShouldBe("وزراء حول طاولة");
        article["leadImage"]!.Text("caption").ShouldBe("الاجتماع أمس");
        article.Text("body").ShouldContain($"<img src=\"/media/{inner}/800.webp\"");
        article.Text("body").ShouldContain($"<a href=\"/media/{inner}/800.webp\"");
        article.Text("body").ShouldContain("alt=\"شارع\"");
        article.Text("body").ShouldNotContain("old-");
        (await fixture.Reader.GetAsync(new Uri($"/media/{inner}/320.webp", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Editor.Get("/api/media/" + inner)).Expect(HttpStatusCode.OK).Text("alt").ShouldBe("ملف 7");
    }

    [Fact]
    public async Task A_gallery_shows_its_pictures_in_its_order_and_says_which_are_missing()
    {
        var one = (await Give("one.jpg")).Expect(HttpStatusCode.Created).Text("id");
        var two = (await Give("two.jpg")).Expect(HttpStatusCode.Created).Text("id");

        var import = await fixture.Editor.Import(File(Post(1, "<p>قبل</p>[gallery columns=\"2\" ids=\"12, 11,13\" link=\"none\"]<p>بعد</p>"), Attachment(11, "one.jpg", "الأولى"), Attachment(12, "two.jpg", "\"الثانية\"", "شرح <الثانية>")));

        import.Reason("notes", 1).ShouldContain("1 were left out");
        var body = (await Article(1)).Text("body");
        int[] places = [.. new[] { "قبل", $"/media/{two}/800.webp", "شرح", $"/media/{one}/800.webp", "بعد" }.Select(part => body.IndexOf(part, StringComparison.Ordinal))];
        places.ShouldAllBe(place => place >= 0, body);
        places.SequenceEqual(places.Order()).ShouldBeTrue(body);
        body.ShouldContain("alt=\"&quot;الثانية&quot;\"");
        body.ShouldNotContain("gallery");
        (await fixture.Reader.GetAsync(new Uri($"/media/{one}/320.webp", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Files_that_come_later_are_taken_by_importing_again()
    {
        var file = File(Attachment(2, "later.jpg"), Post(1, $"<p>نص</p><img src=\"{Address("later-150x150.jpg")}\">", 2), Attachment(3, "report.pdf"));
        var first = await fixture.Editor.Import(file);
        first.Counts().ShouldBe((1, 0, 2, 0));
        first.Reason("notes", 2).ShouldBe("Its file was not given.");
        first.Reason("notes", 3).ShouldContain("only pictures");
        first.Reason("notes", 1).ShouldContain("2 were left out");
        (await Article(1))["leadImage"].ShouldBeNull();
        (await fixture.Editor.Import(file)).Counts().ShouldBe((0, 0, 3, 0));

        var picture = (await Give("later.jpg")).Expect(HttpStatusCode.Created).Text("id");
        (await fixture.Editor.Import(file)).Counts().ShouldBe((0, 1, 2, 0));

        var article = await Article(1);
        article["leadImage"]!.Text("id").ShouldBe(picture);
        article.Text("body").ShouldContain($"/media/{picture}/");
        (await fixture.Editor.Import(file)).Counts().ShouldBe((0, 0, 3, 0), "nothing has changed since");
    }

    [Fact]
    public async Task What_the_newsroom_said_of_a_picture_stays()
    {
        var picture = (await Give("own.jpg")).Expect(HttpStatusCode.Created).Text("id");
        (await fixture.Editor.Get("/api/media/" + picture)).Expect(HttpStatusCode.OK).Text("alt").ShouldBe("own");
        (await fixture.Editor.Send("PUT", "/api/media/" + picture, new { alt = "كلام المحرر" })).Expect(HttpStatusCode.OK);

        await fixture.Editor.Import(File(Attachment(2, "own.jpg", "من الملف"), Post(1, "<p>نص</p>", 2)));

        (await Article(1))["leadImage"]!.Text("alt").ShouldBe("كلام المحرر");
    }

    [Fact]
    public async Task Given_twice_it_is_one_picture_and_a_broken_file_is_refused()
    {
        var picture = (await Give("twice.jpg")).Expect(HttpStatusCode.Created);
        (await Give("twice.jpg", Pictures.Png())).Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(picture.ToJsonString());
        (await Give("page.jpg", "<html>"u8.ToArray())).Refuses(HttpStatusCode.UnsupportedMediaType, "media.notAnImage");
        (await Give("cut.jpg", Pictures.Jpeg()[..200])).Refuses(HttpStatusCode.UnsupportedMediaType, "media.notAnImage");
        (await Give("bomb.png", Pictures.ZerosPng(60_000, 60_000, 1))).Refuses(HttpStatusCode.UnprocessableEntity, "media.tooManyPixels");
        (await Put("old.example/", Pictures.Png())).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await Give("a.jpg", by: fixture.Writer)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Give("a.jpg", by: fixture.Reader)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        var import = await fixture.Editor.Import(File(Attachment(5, "cut.jpg"), Post(1, $"<p>نص</p><img src=\"{Address("cut.jpg")}\">", 5)));
        import.Counts().ShouldBe((1, 0, 1, 0));
    }

    [Fact]
    public async Task Nobody_sees_a_picture_that_no_published_article_shows()
    {
        var picture = (await Give("hidden.jpg")).Expect(HttpStatusCode.Created).Text("id");
        await fixture.Editor.Import(File(Attachment(2, "hidden.jpg"), Post(1, "<p>نص</p>", 2) with { Status = "draft" }));

        (await fixture.Reader.GetAsync(new Uri($"/media/{picture}/320.webp", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await fixture.Editor.GetAsync(new Uri($"/media/{picture}/320.webp", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
