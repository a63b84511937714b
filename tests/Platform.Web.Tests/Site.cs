using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Platform.Testing;
using Shouldly;

namespace Platform.Web.Tests;

/// <summary>The site under test, over real HTTP, with a newsroom of its own behind it.</summary>
public sealed class Site : IAsyncDisposable
{
    /// <summary>The page of <see cref="Sample.Article"/> as it is by default.</summary>
    public const string ArticlePath = "/articles/البرلمان-يقر-الموازنة";

    private readonly WebApplication _app;

    private Site(WebApplication app, Newsroom newsroom, FakeTimeProvider clock)
    {
        _app = app;
        Clock = clock;
        Newsroom = newsroom;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public Newsroom Newsroom { get; }
    public HttpClient Http { get; }

    /// <summary>Stands still until a test turns it, so that a busy machine makes no part look away.</summary>
    public FakeTimeProvider Clock { get; }

    /// <param name="settings">Beside the usual ones, as <c>NAME=value</c>.</param>
    public static async Task<Site> Start(Action<Newsroom>? prepare = null, params string[] settings)
    {
        var newsroom = await Newsroom.Start();
        prepare?.Invoke(newsroom);
        string[] args = [.. TestSettings.Default.Select(s => $"--{s.Key}={s.Value}"), $"--ARTICLES_URL={newsroom.Url}", $"--COMMENTS_URL={newsroom.Url}", $"--NOTIFICATIONS_URL={newsroom.Url}",
            "--URLS=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", .. settings.Select(s => "--" + s)];
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 14, 5, 0, TimeSpan.Zero));
        var app = Program.Build(args, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await app.StartAsync();
        return new Site(app, newsroom, clock);
    }

    /// <summary>A site with one article that has a comment with a reply, and something related.</summary>
    public static Task<Site> WithArticle(Action<Newsroom>? prepare = null) => Start(newsroom =>
    {
        newsroom.Articles.Add(Sample.Article());
        newsroom.Related.Add(Sample.Article("الأسواق تترقب", "الأسواق-تترقب", Guid.Parse("0190a000-0000-7000-8000-000000000002")));
        newsroom.Comments.Add(Sample.Comment(replies: [Sample.Comment("John Smith", "I agree")]));
        prepare?.Invoke(newsroom);
    });

    /// <summary>As <see cref="Get"/> where a part hangs: once it does, the clock moves on by this much, and the answer must come.</summary>
    public async Task<HttpResponseMessage> GetAfter(TimeSpan patience, string path)
    {
        var answer = Get(path);
        await Eventually.True(() => answer.IsCompleted || Newsroom.Hanging > 0, "a part to be asked");
        Clock.Advance(patience);
        return await answer.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public Task<HttpResponseMessage> Get(string path) => Http.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>Sends a form as a browser without script does.</summary>
    public Task<HttpResponseMessage> Post(string path, IEnumerable<KeyValuePair<string, string>> fields, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    public async Task<IHtmlDocument> Page(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await Get(path);
        response.StatusCode.ShouldBe(expected, path);
        return await Parse(response);
    }

    public static async Task<IHtmlDocument> Parse(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        return new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Newsroom.DisposeAsync();
    }
}

internal static class Elements
{
    /// <summary>Text as a reader sees it: white space runs are one blank.</summary>
    public static string Said(this IElement? element) => string.Join(' ', element.ShouldNotBeNull().TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static IElement One(this IParentNode root, string selector) => root.QuerySelectorAll(selector).ShouldHaveSingleItem(selector);

    /// <summary>The control that a label of exactly this text names.</summary>
    public static IElement Field(this IDocument document, string label)
    {
        var found = document.QuerySelectorAll("label").Where(l => l.Said() == label).ToArray().ShouldHaveSingleItem(label);
        return found.GetAttribute("for") is { } id ? document.GetElementById(id).ShouldNotBeNull() : found.One("input");
    }

    public static IElement Button(this IParentNode root, string name) => root.QuerySelectorAll("button").First(b => b.Said() == name);

    /// <summary>What describes a field in error, for whoever hears the page.</summary>
    public static string Error(this IElement field)
    {
        field.GetAttribute("aria-invalid").ShouldBe("true");
        return field.Owner!.GetElementById(field.GetAttribute("aria-describedby").ShouldNotBeNull()).Said();
    }
}
