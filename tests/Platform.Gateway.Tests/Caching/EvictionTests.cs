using System.Net;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Caching;

public sealed class FragileGatewayFixture : GatewayFixture
{
    public TcpProxy Broker { get; private set; } = null!;

    protected override string BrokerUri
    {
        get
        {
            (Broker, var uri) = TcpProxy.For(VirtualHost.Uri);
            return uri;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Broker.Up();
        await base.DisposeAsync();
        await Broker.DisposeAsync();
    }
}

public sealed class EvictionTests(FragileGatewayFixture gateway) : IClassFixture<FragileGatewayFixture>, IAsyncLifetime
{
    private readonly Guid _article = Guid.CreateVersion7();
    private int _made;

    public async ValueTask InitializeAsync()
    {
        gateway.Reset();
        await gateway.InTouch();
    }

    public ValueTask DisposeAsync() => default;

    public static TheoryData<string, string> Changes => new()
    {
        { nameof(ArticlePublished), "article:{0}" },
        { nameof(ArticlePublished), "front" },
        { nameof(ArticlePublished), "articles" },
        { nameof(ArticlePublished), "category:parent" },
        { nameof(ArticlePublished), "tag:%D8%B3%D9%84%D8%A7%D9%85" },
        { nameof(ArticlePublished), "author:nadia" },
        { nameof(ArticlePublished), "article:01a209ff-a92b-7a96-8795-c05d4e9ddb12" },
        { nameof(TranslationsChanged), "article:{0}" },
        { nameof(TranslationsChanged), "article:01a209ff-a92b-7a96-8795-c05d4e9ddb12" },
        { nameof(ArticleUpdated), "article:{0}" },
        { nameof(ArticleUpdated), "pictures:{0}" },
        { nameof(ArticleWithdrawn), "pictures:{0}" },
        { nameof(ArticleUpdated), "category:left" },
        { nameof(ArticleCorrected), "article:{0}" },
        { nameof(ArticleCorrected), "category:left" },
        { nameof(ArticleWithdrawn), "article:{0}" },
        { nameof(ArticleWithdrawn), "front" },
        { nameof(ArticleWithdrawn), "articles" },
        { nameof(CommentEdited), "article:{0}" },
        { nameof(CommentRemoved), "article:{0}" },
        { nameof(ThreadCounted), "article:{0}" },
        { nameof(ThreadOverridden), "article:{0}" },
        { nameof(CategoriesChanged), "categories" },
        { nameof(CategoriesChanged), "category:politics" },
        { nameof(CategoriesChanged), "category:before" },
        { nameof(AuthorsChanged), "categories" },
        { nameof(AuthorsChanged), "author:politics" },
        { nameof(AuthorsChanged), "author:before" },
        { nameof(TagsChanged), "categories" },
        { nameof(TagsChanged), "tag:now" },
        { nameof(TagsChanged), "tag:before" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_shows_what_has_changed_is_made_anew(string message, string tag)
    {
        tag = tag.Replace("{0}", _article.ToString(), StringComparison.Ordinal);
        // A connection that another test cut, or a busy machine, may outdate all that is kept in the middle: then once more.
        for (var attempt = 1; ; attempt++)
        {
            await gateway.InTouch();
            var epoch = gateway.Cache.Epoch;
            _made = 0;
            await Keep($"/shows/{attempt}", tag);
            await Keep($"/other/{attempt}", "category:elsewhere");

            await Publish(message);

            await Eventually.True(async () => await gateway.Text(Page($"/shows/{attempt}")) != "made 1", $"{message} to evict {tag}");
            var other = await gateway.Text(Page($"/other/{attempt}"));
            if (gateway.Cache.Epoch != epoch && attempt < 5) continue;
            other.ShouldBe("made 2");
            return;
        }
    }

    [Fact]
    public async Task An_answer_that_was_asked_for_before_a_change_does_not_outlive_it()
    {
        using var release = new SemaphoreSlim(0);
        gateway.Web.Answers = async http =>
        {
            var mine = Interlocked.Increment(ref _made);
            if (mine == 1) await release.WaitAsync(http.RequestAborted);
            await Stub.Tagged(http, $"made {mine}", CacheTags.Article(_article));
        };
        var asked = gateway.Text(Page("/race"));
        await Eventually.True(() => Volatile.Read(ref _made) == 1, "the page to be asked for");
        await Keep("/witness", CacheTags.Article(_article));
        await Publish(nameof(ArticleUpdated));
        await Eventually.True(() => gateway.Cache.Fresh(Page("/witness")) is null, "the change to be heard");
        release.Release();
        (await asked).ShouldBe("made 1");

        (await gateway.Text(Page("/race"))).ShouldNotBe("made 1");
    }

    [Fact]
    public async Task A_change_counts_again_a_moment_later_when_other_services_have_heard_of_it_too()
    {
        await Keep("/echo", CacheTags.Article(_article));
        await Publish(nameof(ArticlePublished));
        await Eventually.True(async () => await gateway.Text(Page("/echo")) == "made 2", "the change to be heard");

        await Eventually.True(async () => await gateway.Text(Page("/echo")) == "made 4", "two echoes of the change");
    }

    [Fact]
    public async Task A_lively_thread_costs_a_few_pages_and_not_one_per_comment()
    {
        await Keep("/lively", CacheTags.Article(_article));
        for (var i = 0; i < 200; i++) await Publish(nameof(ThreadCounted));
        for (var i = 0; i < 50; i++) await gateway.Text(Page("/lively"));
        await Eventually.True(async () => await gateway.Text(Page("/lively")) != "made 1", "the comments to be heard");

        _made.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task What_a_request_has_changed_is_made_anew_without_a_message()
    {
        await Keep("/changed", CacheTags.Article(_article));
        gateway.Comments.Answers = http =>
        {
            http.Response.StatusCode = 201;
            http.Response.Changed(CacheTags.Article(_article));
            return Stub.Text(http, "posted");
        };

        var posted = await gateway.Send(HttpMethod.Post, $"/api/articles/{_article}/comments");

        posted.StatusCode.ShouldBe(HttpStatusCode.Created);
        posted.Headers.Contains(CacheTags.ChangedHeader).ShouldBeFalse();
        await Eventually.True(async () => await gateway.Text(Page("/changed")) != "made 1", "the page to be asked for anew");
    }

    [Fact]
    public async Task With_every_part_down_what_is_kept_stays_readable_even_if_it_has_changed()
    {
        await Keep("/kept", CacheTags.Article(_article), "front");
        await gateway.Web.Stop();
        try
        {
            (await gateway.Text(Page("/kept"))).ShouldBe("made 1");
            await Publish(nameof(ArticleUpdated));
            await Eventually.True(() => gateway.Cache.Fresh(Page("/kept")) is null, "the change to be heard");
            (await gateway.Text(Page("/kept"))).ShouldBe("made 1");
            (await gateway.Get(Page("/never-seen"))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            await gateway.Web.Start();
        }
        await Keep("/kept", CacheTags.Article(_article));
        (await gateway.Text(Page("/kept"))).ShouldBe("made 2");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_part_that_fails_is_no_better_than_one_that_is_down(int status)
    {
        await Keep("/failing", CacheTags.Article(_article));
        gateway.Time.Later(TimeSpan.FromMinutes(2));
        await gateway.InTouch();
        gateway.Web.Answers = http => { http.Response.StatusCode = status; return Stub.Text(http, "broken"); };

        (await gateway.Text(Page("/failing"))).ShouldBe("made 1");
        (await gateway.Get(Page("/unknown"))).StatusCode.ShouldBe((HttpStatusCode)status);
    }

    [Theory]
    [InlineData(nameof(ArticleWithdrawn))]
    [InlineData(nameof(CommentRemoved))]
    public async Task What_was_withdrawn_is_not_shown_again_even_in_need(string message)
    {
        await Keep("/withdrawn", CacheTags.Article(_article));
        await gateway.Web.Stop();
        try
        {
            await Publish(message);
            await Eventually.True(async () => (await gateway.Get(Page("/withdrawn"))).StatusCode == HttpStatusCode.ServiceUnavailable, "the page to be gone");
        }
        finally
        {
            await gateway.Web.Start();
        }
    }

    [Fact]
    public async Task What_a_part_says_is_gone_is_no_reserve_any_more()
    {
        await Keep("/gone", CacheTags.Article(_article));
        gateway.Cache.OutdateAll();
        gateway.Web.Answers = http => { http.Response.StatusCode = 410; return Task.CompletedTask; };
        (await gateway.Get(Page("/gone"))).StatusCode.ShouldBe(HttpStatusCode.Gone);

        await gateway.Web.Stop();
        try { (await gateway.Get(Page("/gone"))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable); }
        finally { await gateway.Web.Start(); }
    }

    [Fact]
    public async Task When_the_queue_is_made_anew_nothing_that_was_kept_is_believed()
    {
        await Keep("/cut", CacheTags.Article(_article));
        var epoch = gateway.Cache.Epoch;

        await Eventually.True(async () => { await gateway.VirtualHost.CutConnections(); return gateway.Cache.Epoch > epoch; }, "the connection to be made anew");

        (await gateway.Text(Page("/cut"))).ShouldNotBe("made 1");
    }

    [Fact]
    public async Task Out_of_touch_with_the_broker_answers_are_asked_for_anew_and_serve_where_a_part_is_down()
    {
        await Keep("/lost", CacheTags.Article(_article));
        gateway.Broker.Down();
        try
        {
            await Eventually.True(() => !gateway.Cache.InTouch, "the silence to be noticed");
            await Eventually.True(async () => await gateway.Text(Page("/lost")) != "made 1", "the page to be asked for anew");

            await gateway.Web.Stop();
            (await gateway.Text(Page("/lost"))).ShouldStartWith("made ");
        }
        finally
        {
            gateway.Broker.Up();
            await gateway.Web.Start();
        }
        await gateway.InTouch();
        var made = _made;
        await Keep("/lost", CacheTags.Article(_article));
        _made.ShouldBe(made + 1, "nothing of the time out of touch is believed");
    }

    [Fact]
    public async Task The_queue_is_the_replicas_own_and_goes_with_it()
    {
        var queues = (await Json("api/queues/" + gateway.VirtualHost.Name)).AsArray().Where(q => q!["name"]!.GetValue<string>().StartsWith("gateway", StringComparison.Ordinal)).ToList();

        var queue = queues.ShouldHaveSingleItem()!;
        queue["durable"]!.GetValue<bool>().ShouldBeFalse();
        queue["arguments"]!["x-expires"]!.GetValue<int>().ShouldBe(60_000);
        var exchanges = (await Json("api/exchanges/" + gateway.VirtualHost.Name)).AsArray().Select(e => e!["name"]!.GetValue<string>()).Where(n => n.Contains("Gateway") || n.StartsWith("gateway", StringComparison.Ordinal));
        exchanges.ShouldHaveSingleItem().ShouldBe(queue["name"]!.GetValue<string>());
    }

    private async Task<System.Text.Json.Nodes.JsonNode> Json(string path) => System.Text.Json.Nodes.JsonNode.Parse(await gateway.VirtualHost.Management.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private string Page(string path) => $"/{_article}{path}";

    /// <summary>Makes a page that is kept under these tags.</summary>
    private async Task Keep(string path, params string[] tags)
    {
        gateway.Web.Answers = http => Stub.Tagged(http, $"made {Interlocked.Increment(ref _made)}", tags);
        await gateway.Text(Page(path));
    }

    private Task Publish(string name) => ((dynamic)gateway.Spy).Publish((dynamic)Messages.About(_article, name), (Guid?)Guid.NewGuid());
}
