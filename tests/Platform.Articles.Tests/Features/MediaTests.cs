using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Articles.Media;
using Platform.Articles.Tests.Media;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class MediaTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task An_upload_answers_in_the_shape_of_the_contract()
    {
        var answer = await Upload(Pictures.Jpeg(800, 600));

        var picture = answer.Expect(HttpStatusCode.Created);
        picture.AsObject().Select(p => p.Key).ShouldBe(["id", "width", "height", "variants"]);
        ((int)picture["width"]!, (int)picture["height"]!).ShouldBe((800, 600));
        var root = "http://localhost:8080/media/" + picture.Text("id");
        picture["variants"]!.AsArray().Select(v => ((int)v!["width"]!, v.Text("url"))).ShouldBe([(320, root + "/320.webp"), (640, root + "/640.webp"), (800, root + "/800.webp")]);
        answer.Response.Headers.Location!.ToString().ShouldBe("http://localhost:8080/api/media/" + picture.Text("id"));
        answer.Response.Headers.ETag!.Tag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task Who_may_is_said_before_what_is_wrong()
    {
        (await Upload([], by: articles.Reader)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Upload([], by: articles.Client(Roles.Moderator))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Reader.Get("/api/media")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_is_wrong_with_the_form_is_named()
    {
        await Refused(Form(Pictures.Png(8, 8), alt: null), "alt");
        await Refused(Form(Pictures.Png(8, 8), alt: "  "), "alt");
        await Refused(Form(null), "file");
        await Refused(Form(null, alt: null, ("caption", "x")), "alt", "file");
        await Refused(Form(Pictures.Png(8, 8), more: ("title", "x")), "title");
        await Refused(Form(Pictures.Png(8, 8), more: ("alt", "x")), "alt");
        await Refused(Form(Pictures.Png(8, 8), more: ("caption", new string('ا', 1001))), "caption");
        await Refused(Form(Pictures.Png(8, 8), more: ("credit", "\0")), "credit");

        async Task Refused(MultipartFormDataContent form, params string[] fields)
        {
            var answer = await Send(form);
            answer.Refuses(HttpStatusCode.BadRequest, "request.invalid");
            answer.Json!["errors"]!.AsObject().Select(e => e.Key).Order().ShouldBe(fields);
        }
    }

    [Theory]
    [InlineData("application/json", "{}", 415)]
    [InlineData("multipart/form-data", "", 400)]
    [InlineData("multipart/form-data; boundary=x", "", 400)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\nhalf", 400)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Type: text/plain\r\n\r\nnameless\r\n--x--\r\n", 400)]
    public async Task What_is_no_form_is_refused(string type, string body, int status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await articles.Writer.PostAsync(new Uri("/api/media", UriKind.Relative), content);
        ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType).ShouldBe((status, "application/problem+json"));
    }

    [Fact]
    public async Task What_is_no_picture_is_415_whatever_it_is_called() =>
        (await Upload("<html></html>"u8.ToArray())).Refuses(HttpStatusCode.UnsupportedMediaType, "media.notAnImage");

    [Fact]
    public async Task Too_many_pixels_are_422_and_too_many_bytes_413()
    {
        (await Upload(Pictures.ZerosPng(60_000, 60_000, 1))).Refuses(HttpStatusCode.UnprocessableEntity, "media.tooManyPixels");
        (await Upload([.. Pictures.Png(8, 8), .. new byte[UploadFile.MaxBytes]])).Refuses(HttpStatusCode.RequestEntityTooLarge, "request.tooLarge");
    }

    [Fact]
    public async Task The_same_key_makes_one_picture_though_the_boundary_is_another()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Upload(Pictures.Png(), key: key)));
        answers.Select(a => a.Expect(HttpStatusCode.Created).ToJsonString()).Distinct().Count().ShouldBe(1);
        (await Upload(Pictures.Png(401, 300), key: key)).Refuses(HttpStatusCode.UnprocessableEntity, "idempotency.mismatch");
        (await Send(Form(Pictures.Png(), alt: "غيره"), key)).Refuses(HttpStatusCode.UnprocessableEntity, "idempotency.mismatch");
    }

    [Fact]
    public async Task Readers_see_a_picture_while_a_published_article_shows_it()
    {
        var (picture, path) = await New();
        var other = await articles.Draft(new { leadImage = new { id = picture.Text("id") } });
        (await articles.Reader.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var unknown = await articles.Reader.Get("/media/" + Guid.CreateVersion7() + "/320.webp");
        var embargoed = await articles.Reader.Get(path.ToString());
        (embargoed.Code, embargoed.Json!.AsObject().Count).ShouldBe((unknown.Code, unknown.Json!.AsObject().Count));
        (await articles.Reader.Get("/api/media/" + picture.Text("id"))).Refuses(HttpStatusCode.NotFound, "media.notFound");

        using (var seen = await articles.Writer.GetAsync(path))
        {
            seen.StatusCode.ShouldBe(HttpStatusCode.OK);
            seen.Headers.CacheControl!.ToString().ShouldBe("no-store, private");
            seen.Headers.Contains("Cache-Tag").ShouldBeFalse();
        }

        var published = (await articles.Editor.Move(other, "publish")).Expect(HttpStatusCode.OK);
        using (var seen = await articles.Reader.GetAsync(path))
        {
            seen.StatusCode.ShouldBe(HttpStatusCode.OK);
            seen.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
            seen.Headers.GetValues("Cache-Tag").ShouldBe(["pictures:" + other.Text("id")]);
            seen.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            seen.Content.Headers.ContentType!.ToString().ShouldBe("image/webp");
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(seen.Headers.ETag!);
            (await articles.Reader.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        }
        (await articles.Reader.Get("/api/media/" + picture.Text("id"))).Expect(HttpStatusCode.OK);

        // Another article that shows it in its body keeps it, until that one goes too.
        var second = await articles.Published(new { body = $"<p>نصّ</p><img src=\"{path}\">" });
        (await articles.Editor.Move(published, "withdraw", new { reason = "خطأ" })).Expect(HttpStatusCode.OK);
        (await articles.Reader.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await articles.Editor.Move(second, "withdraw", new { reason = "خطأ" })).Expect(HttpStatusCode.OK);
        (await articles.Reader.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await articles.Writer.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_picture_that_an_article_no_longer_shows_is_gone()
    {
        var (picture, path) = await New();
        var article = await articles.Published(new { leadImage = new { id = picture.Text("id") } });
        (await articles.Reader.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await articles.Editor.Put(article, articles.Input())).Expect(HttpStatusCode.OK)["leadImage"].ShouldBeNull();
        (await articles.Reader.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_the_addresses_that_there_are_answer()
    {
        var (picture, _) = await New();
        var id = picture.Text("id");
        await articles.Published(new { leadImage = new { id } });
        foreach (var (file, status) in new[] { ("320.webp", 200), ("400.webp", 200), ("400.jpeg", 200), ("640.webp", 404), ("0320.webp", 404), ("320.jpg", 404), ("320.png", 404), ("320", 404), ("320.webp.webp", 404), ("-320.webp", 404), ("999999999999.webp", 404) })
            ((int)(await articles.Reader.GetAsync(new Uri($"/media/{id}/{file}", UriKind.Relative))).StatusCode).ShouldBe(status, file);
        (await articles.Reader.GetAsync(new Uri($"/media/{id.ToUpperInvariant()}/320.webp", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await articles.Reader.GetAsync(new Uri($"/media/{Guid.Parse(id):N}/320.webp", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var asked = await articles.Reader.GetAsync(new Uri($"/media/{id}/320.webp?x=1", UriKind.Relative));
        (asked.StatusCode, asked.Headers.CacheControl!.NoStore, asked.Headers.Contains("Cache-Tag")).ShouldBe((HttpStatusCode.OK, true, false));
        using var head = await articles.Reader.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/media/{id}/400.jpeg"));
        (head.StatusCode, head.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "image/jpeg"));
    }

    [Fact]
    public async Task The_library_is_searched_by_words_however_they_are_spelt_and_paged()
    {
        var word = Guid.NewGuid().ToString("N")[..8];
        var made = new List<string>();
        foreach (var alt in new[] { "جسرٌ على دجلة " + word, "سوق الجمعة " + word, "مدرسة في الأهوار " + word }) made.Add((await Send(Form(Pictures.Png(8, 8), alt))).Expect(HttpStatusCode.Created).Text("id"));

        (await articles.Writer.Get($"/api/media?q={word[..6]}")).Ids().ShouldBe(made.AsEnumerable().Reverse());
        (await articles.Writer.Get($"/api/media?q={Uri.EscapeDataString("الاهوار")}%20{word}")).Ids().ShouldBe([made[2]]);
        (await articles.Writer.Get($"/api/media?q=.*")).Status.ShouldBe(HttpStatusCode.OK);
        var first = (await articles.Writer.Get($"/api/media?q={word}&limit=2")).Expect(HttpStatusCode.OK);
        var rest = await articles.Writer.Get($"/api/media?q={word}&limit=2&cursor={Uri.EscapeDataString(first.Text("next"))}");
        rest.Ids().ShouldBe([made[0]]);
        rest.Json!["next"].ShouldBeNull();
        (await articles.Writer.Get("/api/media?cursor=forged")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Writer.Get("/api/media?x=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Words_are_changed_by_who_uploaded_or_an_editor()
    {
        var (picture, _) = await New();
        var path = "/api/media/" + picture.Text("id");
        var shown = (await articles.Writer.Get(path)).Expect(HttpStatusCode.OK);
        (shown.Text("alt"), shown.Version()).ShouldBe(("صورة", 1));

        (await articles.Client(Roles.Writer).Send("PUT", path, new { alt = "" })).Refuses(HttpStatusCode.Forbidden, "media.notYours");
        (await articles.Writer.Send("PUT", path, new { alt = "" })).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Writer.Send("PUT", path, new { alt = "x", title = "y" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        var changed = (await articles.Writer.Send("PUT", path, new { alt = "جسر", credit = "وكالة" }, ifMatch: 1)).Expect(HttpStatusCode.OK);
        (changed.Text("alt"), changed.Text("credit"), changed.Version()).ShouldBe(("جسر", "وكالة", 2));
        (await articles.Editor.Send("PUT", path, new { alt = "جسر", credit = "وكالة" })).Expect(HttpStatusCode.OK).Version().ShouldBe(2);
        (await articles.Editor.Send("PUT", path, new { alt = "آخر" }, ifMatch: 1)).Refuses(HttpStatusCode.PreconditionFailed, "media.versionConflict");
    }

    [Fact]
    public async Task What_an_article_shows_can_not_be_deleted()
    {
        var (picture, address) = await New();
        var path = "/api/media/" + picture.Text("id");
        var draft = await articles.Draft(new { body = $"<p>نصّ</p><figure><img src=\"{address}\"></figure>" });
        (await articles.Writer.Send("DELETE", path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Editor.Send("DELETE", path)).Refuses(HttpStatusCode.Conflict, "media.inUse");
        (await articles.Editor.Send("DELETE", draft.Path(), ifMatch: 1)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await articles.Editor.Send("DELETE", path)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await articles.Editor.Send("DELETE", path)).Refuses(HttpStatusCode.NotFound, "media.notFound");
        (await articles.Editor.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var files = articles.Services.GetRequiredService<PictureFileStore>();
        (await files.Unfinished(DateTimeOffset.MaxValue, 1000, default)).ShouldNotContain(n => n.PictureId == picture.Id());
    }

    [Fact]
    public async Task What_one_replica_took_another_shows()
    {
        var (picture, path) = await New();
        await articles.Published(new { leadImage = new { id = picture.Text("id") } });
        var before = await articles.Reader.GetByteArrayAsync(path);
        var replica = ActivatorUtilities.CreateInstance<PictureFileStore>(articles.Services);
        var known = (await articles.Services.GetRequiredService<PictureStore>().Find(picture.Id(), default))!;
        (await replica.Read(known.Upload, 400, "webp", default)).ShouldBe(before);
    }

    [Fact]
    public async Task An_upload_that_was_killed_leaves_nothing_once_it_is_swept()
    {
        var (library, files) = (articles.Services.GetRequiredService<MediaLibrary>(), articles.Services.GetRequiredService<PictureFileStore>());
        var (killed, picture) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await files.Note(killed, picture, [320], default);
        await files.Write(killed, new PictureVariant(320, "webp", new byte[600_000]), default);
        var whole = await library.Add(new MemoryStream(Pictures.Png()), "صورة", null, null, articles.WriterId, default);
        await files.Note(whole.Upload, whole.Id, whole.Widths, default);   // killed right before the note was taken off

        await library.Sweep(DateTimeOffset.UtcNow - TimeSpan.FromHours(1), 1000, default);
        (await files.Read(killed, 320, "webp", default)).ShouldNotBeNull("it might still be running");
        await library.Sweep(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1), 1000, default);
        (await files.Read(killed, 320, "webp", default)).ShouldBeNull();
        (await files.Read(whole.Upload, 320, "webp", default)).ShouldNotBeNull();
        (await library.Sweep(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1), 1000, default)).ShouldBe(0);
        // GridFS throws where chunks of an earlier file of the same name are left.
        await files.Write(killed, new PictureVariant(320, "webp", new byte[600_000]), default);
    }

    [Fact]
    public async Task Two_uploads_under_one_id_are_one_picture_with_its_files()
    {
        var (library, id) = (articles.Services.GetRequiredService<MediaLibrary>(), Guid.CreateVersion7());
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => library.Add(id, new MemoryStream(Pictures.Png()), "صورة", null, null, articles.WriterId, default)));
        made.Select(p => p.Upload).Distinct().Count().ShouldBe(1);
        (await articles.Services.GetRequiredService<PictureFileStore>().Read(made[0].Upload, 320, "jpeg", default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lead_image_takes_its_words_from_the_library_unless_the_article_says_others()
    {
        var picture = (await Send(Form(Pictures.Jpeg(2000, 1000), "جسر", ("caption", "شرح"), ("credit", "وكالة")))).Expect(HttpStatusCode.Created);
        var id = picture.Text("id");
        var article = await articles.Draft(new { leadImage = new { id } });
        article["leadImage"]!.AsObject().Select(p => (p.Key, (string?)p.Value)).ShouldBe([("id", id), ("alt", "جسر"), ("caption", "شرح"), ("credit", "وكالة"), ("url", $"http://localhost:8080/media/{id}/1600.webp")]);

        var input = articles.Input(new { title = article.Text("title"), leadImage = new { id, alt = "آخر", caption = "" } });
        var edited = (await articles.Editor.Put(article, input)).Expect(HttpStatusCode.OK);
        (edited["leadImage"]!.Text("alt"), edited["leadImage"]!["caption"], edited["leadImage"]!.Text("credit"), edited.Version()).ShouldBe(("آخر", null, "وكالة", 2));
        (await articles.Editor.Put(edited, input)).Expect(HttpStatusCode.OK).Version().ShouldBe(2);

        var published = (await articles.Editor.Move(edited, "publish")).Expect(HttpStatusCode.OK);
        var corrected = (await articles.Editor.Send("POST", published.Path() + "/correct", new { note = "صُحّح", title = articles.Word() }, published.Version())).Expect(HttpStatusCode.OK);
        corrected["leadImage"]!.ToJsonString().ShouldBe(edited["leadImage"]!.ToJsonString());
        (await articles.Editor.Send("POST", "/api/articles", articles.Input(new { leadImage = new { id, alt = new string('ا', 1001) } }))).Json!["errors"]!.AsObject().Single().Key.ShouldBe("leadImage.alt");
    }

    [Fact]
    public async Task Pictures_in_a_body_keep_their_place_and_those_that_do_not_exist_are_taken_out()
    {
        var id = (await Upload(Pictures.Jpeg(800, 600))).Expect(HttpStatusCode.Created).Text("id");
        var shown = $"<img src=\"/media/{id}/640.webp\" width=\"640\" height=\"480\" loading=\"lazy\" srcset=\"/media/{id}/320.webp 320w, /media/{id}/640.webp 640w, /media/{id}/800.webp 800w\" sizes=\"(min-width: 47rem) 47rem, 100vw\"";
        var article = await articles.Draft(new
        {
            body = $"<p>نصّ</p><figure><img src=\"/media/{id}/640.webp\" alt=\"جسر\" srcset=\"https://evil.example/x 1w\" width=\"9\" onload=\"x\"><figcaption>شرح</figcaption></figure>"
                + $"<img src=\"http://localhost:8080/media/{id.ToUpperInvariant()}/5.jpeg\"><img src=\"/media/{Guid.CreateVersion7()}/640.webp\"><img src=\"https://elsewhere.example/media/{id}/640.webp\"><figure><img src=\"/media/{Guid.CreateVersion7()}/320.webp\"><figcaption>بلا</figcaption></figure>",
        });
        var body = article.Text("body");
        body.ShouldContain("alt=\"جسر\"");
        body.ShouldContain($"src=\"/media/{id}/800.webp\"");
        body.ShouldNotContain("elsewhere");
        body.ShouldNotContain("evil");
        body.ShouldNotContain("بلا");
        System.Text.RegularExpressions.Regex.Count(body, "<img").ShouldBe(2);
        foreach (var attribute in new[] { $"src=\"/media/{id}/640.webp\"", "width=\"640\"", "height=\"480\"", "loading=\"lazy\"", $"/media/{id}/320.webp 320w, /media/{id}/640.webp 640w, /media/{id}/800.webp 800w" }) body.ShouldContain(attribute);

        // What was answered may be sent again, and is the same.
        (await articles.Editor.Put(article, articles.Input(new { title = article.Text("title"), body }))).Expect(HttpStatusCode.OK).Version().ShouldBe(1);
    }

    private static readonly Encoding Utf8 = new UTF8Encoding(false);

    private async Task<(JsonNode Picture, Uri Path)> New()
    {
        var picture = (await Upload(Pictures.Png())).Expect(HttpStatusCode.Created);
        return (picture, new Uri($"/media/{picture.Text("id")}/400.webp", UriKind.Relative));
    }

    private Task<Answer> Upload(byte[] file, HttpClient? by = null, string? key = null) => Send(Form(file), key, by);

    private async Task<Answer> Send(MultipartFormDataContent form, string? key = null, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/media") { Content = form };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var response = await (by ?? articles.Writer).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response);
    }

    private static MultipartFormDataContent Form(byte[]? file, string? alt = "صورة", params (string Name, string Value)[] more)
    {
        var form = new MultipartFormDataContent();
        if (file is not null)
        {
            var content = new ByteArrayContent(file);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(content, "file", "picture.jpg");
        }
        if (alt is not null) form.Add(new StringContent(alt, Utf8), "alt");
        foreach (var (name, value) in more) form.Add(new StringContent(value, Utf8), name);
        return form;
    }
}
