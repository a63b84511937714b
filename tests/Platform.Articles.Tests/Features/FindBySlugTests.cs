using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class FindBySlugTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    private const string Path = "/api/articles/by-slug/";

    public static TheoryData<string, Func<string, string>> Variants => new()
    {
        { "decomposed", s => s.Normalize(NormalizationForm.FormD) },
        { "capitals", s => s.ToUpperInvariant() },
        { "tatweel", s => s.Replace("مح", "مـح", StringComparison.Ordinal) },
        { "a zero-width non-joiner", s => s.Replace("مح", "م\u200cح", StringComparison.Ordinal) },
        { "direction marks", s => "\u200f" + s + "\u200e" },
        { "a byte order mark", s => "\ufeff" + s },
        { "a variation selector", s => s + "\ufe0f" },
        { "Arabic digits", s => s.Replace('2', '٢').Replace('0', '٠') },
        { "Persian digits", s => s.Replace('2', '۲').Replace('0', '۰') },
        { "presentation forms", s => s.Replace("مح", "\ufee3\ufea2", StringComparison.Ordinal) },
        { "spaces", s => s.Replace('-', ' ') },
        { "low lines", s => s.Replace('-', '_') },
        { "a hyphen too many", s => s + "-" },
        { "all of them", s => "\u200f" + s.Normalize(NormalizationForm.FormD).ToUpperInvariant().Replace("مح", "مـ\u200cح", StringComparison.Ordinal).Replace('2', '٢') },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task A_spelling_that_differs_in_looks_leads_to_the_articles_own_slug(string what, Func<string, string> spell)
    {
        var slug = "é-محاولة-2026-" + Guid.NewGuid().ToString("N")[..6];
        await articles.Published(new { slug });
        var answer = await articles.Reader.Get(Path + Uri.EscapeDataString(spell(slug)));
        answer.Status.ShouldBe(HttpStatusCode.MovedPermanently, what);
        answer.Response.Headers.Location!.OriginalString.ShouldBe("http://localhost:8080" + Path + Uri.EscapeDataString(slug));
        (await articles.Reader.Get(answer.Response.Headers.Location!.PathAndQuery)).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(slug);
    }

    [Fact]
    public async Task Percent_encoding_is_read_in_either_case()
    {
        var article = await articles.Published();
        var encoded = Uri.EscapeDataString(article.Text("slug"));
        (await articles.Reader.Get(Path + encoded)).Expect(HttpStatusCode.OK).Text("id").ShouldBe(article.Text("id"));
        (await articles.Reader.Get(Path + LowerCase(encoded))).Expect(HttpStatusCode.OK).Text("id").ShouldBe(article.Text("id"));
    }

    [Fact]
    public async Task A_draft_is_found_by_no_spelling()
    {
        var draft = await articles.Draft(new { slug = "secret-2-" + Guid.NewGuid().ToString("N")[..6] });
        foreach (var spelling in new[] { draft.Text("slug"), draft.Text("slug").ToUpperInvariant(), draft.Text("slug").Replace('2', '٢') })
            (await articles.Reader.Get(Path + Uri.EscapeDataString(spelling))).Refuses(HttpStatusCode.NotFound, "article.notFound");
    }

    [Fact]
    public async Task Any_old_slug_leads_to_the_newest_in_one_step()
    {
        var article = await articles.Published();
        var slugs = new List<string> { article.Text("slug") };
        for (var i = 0; i < 4; i++)
        {
            slugs.Add(Text.Slug.From(articles.Word("تالٍ")));
            article = (await articles.Editor.Put(article, articles.Input(new { slug = slugs[^1] }))).Expect(HttpStatusCode.OK);
        }
        foreach (var old in slugs[..^1].Concat(slugs[..^1].Select(s => s.ToUpperInvariant())))
            (await articles.Reader.Get(Path + Uri.EscapeDataString(old))).Response.Headers.Location!.OriginalString.ShouldEndWith(Uri.EscapeDataString(slugs[^1]));
        (await articles.Reader.Get(Path + Uri.EscapeDataString(slugs[^1]))).Expect(HttpStatusCode.OK);
    }

    private static string LowerCase(string encoded) => System.Text.RegularExpressions.Regex.Replace(encoded, "%[0-9A-F]{2}", m => m.Value.ToLowerInvariant(), System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
