using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Notifications.Mail;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;
using static Platform.Notifications.Tests.Reactions.DispatchTests;

namespace Platform.Notifications.Tests.Reactions;

/// <summary>The mail server can be taken away, and its patience is short.</summary>
public sealed class TroubleFixture : NotificationsFixture
{
    private TcpProxy? _server;

    public TcpProxy Server => _server ??= new TcpProxy("127.0.0.1", Sink.Port);

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("SMTP_URI", $"smtp://127.0.0.1:{Server.Port}"), new("MAIL_FROM", "news@example.org")];

    protected override void ConfigureServices(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton(MailLimits.Default with { Connect = TimeSpan.FromSeconds(2), Send = TimeSpan.FromSeconds(1.5) }));

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>What a mail server refuses, loses or leaves unanswered.</summary>
public sealed class DeliveryTroubleTests : IClassFixture<TroubleFixture>
{
    private readonly TroubleFixture _fixture;

    public DeliveryTroubleTests(TroubleFixture fixture)
    {
        _fixture = fixture;
        (fixture.Sink.OnRecipient, fixture.Sink.OnData) = (null, null);
    }

    [Theory]
    [InlineData("451 4.7.1 greylisted")]
    [InlineData("452 4.2.2 mailbox full")]
    [InlineData("421 4.7.0 too many connections")]
    public async Task What_is_refused_for_now_is_tried_again_after_ten_seconds_and_then_twice_as_long(string refusal)
    {
        var (article, address) = await Publish("later", e => SinkAnswer.Reply(refusal), null);
        await Waiting(article, attempts: 1, TimeSpan.FromSeconds(10));
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await Waiting(article, attempts: 2, TimeSpan.FromSeconds(20));
        _fixture.Sink.OnRecipient = null;
        _fixture.Time.Advance(TimeSpan.FromSeconds(20));

        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((1, 1, 0, 0, 0));
        _fixture.Sink.For(address).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_refused_for_a_whole_day_has_failed()
    {
        var (article, address) = await Publish("all-day", null, _ => SinkAnswer.Reply("452 4.2.2 mailbox full"));
        await Waiting(article, attempts: 1, TimeSpan.FromSeconds(10));
        _fixture.Time.Advance(TimeSpan.FromHours(24));
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((1, 0, 1, 0, 0));
        (await Row(article)).Answer.ShouldBe("452 4.2.2 mailbox full");
        _fixture.Sink.For(address).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_refused_for_good_has_failed_at_once_and_the_answer_holds_no_address(bool atRecipient)
    {
        var refused = 0;
        SinkAnswer Refuse(SmtpEnvelope e)
        {
            Interlocked.Increment(ref refused);
            return SinkAnswer.Reply($"550 5.1.1 <{e.To[^1]}>: no such user");
        }
        var (article, address) = await Publish("gone", atRecipient ? Refuse : null, atRecipient ? null : Refuse);
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((1, 0, 1, 0, 0));
        refused.ShouldBe(1);
        (await Row(article)).Answer.ShouldBe("550 5.1.1 <…>: no such user");
        _fixture.Sink.For(address).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_lost_before_the_mail_was_given_over_is_tried_again()
    {
        var (article, address) = await Publish("lost-early", _ => SinkAnswer.Drop, null);
        await Waiting(article, attempts: 1, TimeSpan.FromSeconds(10));
        _fixture.Sink.OnRecipient = null;
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((1, 1, 0, 0, 0));
        _fixture.Sink.For(address).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("taken")]
    [InlineData("not taken")]
    [InlineData("hangs")]
    public async Task A_mail_given_over_without_an_answer_is_uncertain_and_never_repeated(string how)
    {
        var (article, address) = await Publish("lost-late", null, _ => how switch { "taken" => SinkAnswer.TakeAndDrop, "not taken" => SinkAnswer.Drop, _ => SinkAnswer.Hang });
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((1, 0, 0, 1, 0));
        _fixture.Sink.OnData = null;
        _fixture.Time.Advance(TimeSpan.FromHours(2));
        var (later, _) = await Publish("lost-late-after", null, null);
        await _fixture.Done(later.ArticleId);
        _fixture.Sink.For(address).Count.ShouldBe(how == "taken" ? 1 : 0);
        (await Row(article)).Answer!.ShouldContain("after the mail's end");
    }

    [Fact]
    public async Task A_server_that_hangs_before_the_mail_is_given_over_is_tried_again()
    {
        var (article, _) = await Publish("hangs-early", _ => SinkAnswer.Hang, null);
        await Waiting(article, attempts: 1, TimeSpan.FromSeconds(10));
        _fixture.Sink.OnRecipient = null;
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((1, 1, 0, 0, 0));
    }

    [Fact]
    public async Task With_the_server_away_everything_waits_and_goes_out_when_it_is_back()
    {
        const int Count = Dispatch.PageSize + 20;
        var addresses = await _fixture.Subscribed(Count, "away");
        var article = Article("away");
        _fixture.Server.Down();
        await _fixture.Spy.Publish(article);
        var waiting = await _fixture.Dispatch(article.ArticleId, 1, d => d["matched"]!.GetValue<long>() == Count && d["phase"]!.GetValue<string>() == "sending", "all to be planned");
        Counts(waiting).Sent.ShouldBe(0);
        await Eventually.True(async () => await _fixture.Ledger.CountDocumentsAsync(d => d.State == DeliveryState.Waiting && d.Attempts == 1) == Count, "all to wait");
        _fixture.Server.Up();
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((Count, Count, 0, 0, 0));
        _fixture.Sink.Mails.SelectMany(m => m.To).Where(addresses.ToHashSet().Contains).Order().ShouldBe(addresses.Order());
    }

    [Fact]
    public async Task Of_an_article_withdrawn_meanwhile_nothing_more_is_sent()
    {
        var (article, address) = await Publish("withdrawn", _ => SinkAnswer.Reply("451 4.7.1 later"), null);
        await Waiting(article, attempts: 1, TimeSpan.FromSeconds(10));
        await _fixture.Spy.Publish(Withdrawal(article));
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((1, 0, 0, 0, 1));
        _fixture.Sink.OnRecipient = null;
        (await Row(article)).Answer.ShouldBe("withdrawn");
        _fixture.Sink.For(address).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_update_before_sending_changes_what_is_sent()
    {
        var (article, address) = await Publish("updated", _ => SinkAnswer.Reply("451 4.7.1 later"), null);
        await Waiting(article, attempts: 1, TimeSpan.FromSeconds(10));
        await _fixture.Spy.Publish(Update(article, 9, "العنوان الجديد"));
        await Eventually.True(async () => await _fixture.Store.GetCollection<KnownArticle>("articles").Find(a => a.Id == article.ArticleId && a.Version == 9).AnyAsync(), "the update to be known");
        _fixture.Sink.OnRecipient = null;
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await _fixture.Done(article.ArticleId);
        Parse(_fixture.Sink.For(address).Single()).Subject.ShouldBe("العنوان الجديد");
    }

    [Fact]
    public async Task Who_unsubscribes_between_planning_and_sending_is_not_mailed()
    {
        var address = NewAddress();
        var manage = await _fixture.Subscribe(address, Categories("left"));
        var (article, other) = await Publish("left", _ => SinkAnswer.Reply("451 4.7.1 later"), null);
        await Waiting(article, attempts: 1, TimeSpan.FromSeconds(10), count: 2);
        using var client = _fixture.Client();
        using var end = new HttpRequestMessage(HttpMethod.Delete, "/api/subscriptions/mine") { Headers = { Authorization = new("Subscription", manage) } };
        ((int)(await client.SendAsync(end)).StatusCode).ShouldBe(204);
        _fixture.Sink.OnRecipient = null;
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Counts(await _fixture.Done(article.ArticleId)).ShouldBe((2, 1, 0, 0, 1));
        _fixture.Sink.For(address).Count.ShouldBe(1, "the confirmation alone");
        _fixture.Sink.For(other).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_between_two_mails_costs_nothing()
    {
        var (first, _) = await Publish("kept-open", null, null);
        await _fixture.Done(first.ArticleId);
        _fixture.Sink.Cut();
        var (second, _) = await Publish("kept-open", null, null);
        var done = await _fixture.Done(second.ArticleId);
        Counts(done).Sent.ShouldBe(2);
        (await _fixture.Ledger.Find(d => d.DispatchId == Guid.Parse(done["id"]!.GetValue<string>())).ToListAsync()).ShouldAllBe(d => d.Attempts == 1);
    }

    private async Task<(ArticlePublished Article, string Address)> Publish(string category, Func<SmtpEnvelope, SinkAnswer>? atRecipient, Func<SmtpEnvelope, SinkAnswer>? atData)
    {
        // Another case of the same theory may have left subscribers.
        category = category is "kept-open" or "left" ? category : $"{category}-{Guid.NewGuid():N}";
        var address = (await _fixture.Subscribed(1, category)).Single();
        (_fixture.Sink.OnRecipient, _fixture.Sink.OnData) = (atRecipient, atData);
        var article = Article(category);
        await _fixture.Spy.Publish(article);
        return (article, address);
    }

    private async Task Waiting(ArticlePublished article, int attempts, TimeSpan pause, int count = 1)
    {
        var rows = await Eventually.Get(async () => await Rows(article) is var found && found.Count == count && found.All(r => r.State == DeliveryState.Waiting && r.Attempts == attempts) ? found : null, $"{count} to wait after {attempts} attempts");
        foreach (var row in rows) (row.Due!.Value - row.ClaimedAt()!.Value).ShouldBeInRange(pause, pause + TimeSpan.FromSeconds(5));
    }

    private async Task<Delivery> Row(ArticlePublished article) => (await Rows(article)).Single();

    private async Task<List<Delivery>> Rows(ArticlePublished article)
    {
        using var editor = _fixture.Client("editor");
        var dispatch = (await editor.GetFromJsonAsync<JsonObject>($"/api/dispatches?articleId={article.ArticleId}"))!["items"]!.AsArray().SingleOrDefault();
        return dispatch is null ? [] : await _fixture.Ledger.Find(d => d.DispatchId == Guid.Parse(dispatch["id"]!.GetValue<string>())).ToListAsync();
    }
}
