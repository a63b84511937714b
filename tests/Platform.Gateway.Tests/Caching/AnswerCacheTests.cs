using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Platform.Gateway.Caching;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Caching;

public sealed class AnswerCacheTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly AnswerCache _cache;

    public AnswerCacheTests()
    {
        _clock.Advance(TimeSpan.FromDays(1));
        _cache = new(new CacheSettings(new ConfigurationBuilder().AddInMemoryCollection([new("Cache:MaxBytes", "1000000")]).Build()), _clock) { InTouch = true };
    }

    [Fact]
    public void Memory_stays_within_its_bound_and_what_is_used_stays()
    {
        for (var i = 0; i < 1000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            _cache.Put(Answer("/" + i, new string('x', 10_000), "front"));
            _cache.Fresh("/0").ShouldNotBeNull();
            _cache.Size.ShouldBeLessThanOrEqualTo(1_000_000);
        }

        _cache.Fresh("/999").ShouldNotBeNull();
        _cache.Fresh("/1").ShouldBeNull();
        _cache.Count.ShouldBeInRange(50, 100);
    }

    [Fact]
    public void The_size_is_that_of_what_is_there()
    {
        for (var i = 0; i < 50; i++) _cache.Put(Answer("/same", new string('x', i), "front"));
        _cache.Size.ShouldBe(_cache.Reserve("/same")!.Size);
        _cache.Remove("/same");
        _cache.Size.ShouldBe(0);
    }

    [Fact]
    public void A_tag_of_many_answers_evicts_them_all_and_no_other()
    {
        for (var i = 0; i < 20; i++) _cache.Put(Answer("/" + i, "x", i % 2 == 0 ? "even" : "odd", "all"));

        _cache.Evict(["even"]);

        Enumerable.Range(0, 20).Count(i => _cache.Fresh("/" + i) is not null).ShouldBe(10);
        _cache.Reserve("/0").ShouldNotBeNull();
    }

    [Fact]
    public void What_was_asked_for_before_a_change_is_a_reserve_at_most_and_before_a_withdrawal_nothing()
    {
        var before = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _cache.Evict(["changed"]);
        _cache.Evict(["withdrawn"], withdrawn: true);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        _cache.Put(Answer("/changed", "x", before, "changed"));
        _cache.Put(Answer("/withdrawn", "x", before, "withdrawn"));
        _cache.Put(Answer("/after", "x", "changed", "withdrawn"));

        _cache.Fresh("/changed").ShouldBeNull();
        _cache.Reserve("/changed").ShouldNotBeNull();
        _cache.Reserve("/withdrawn").ShouldBeNull();
        _cache.Fresh("/after").ShouldNotBeNull();
    }

    [Fact]
    public void What_took_longer_than_changes_are_remembered_is_not_kept()
    {
        var before = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMinutes(3));

        _cache.Put(Answer("/slow", "x", before, "front"));

        _cache.Reserve("/slow").ShouldBeNull();
    }

    [Fact]
    public void Out_of_touch_an_answer_is_fresh_for_a_second()
    {
        _cache.Put(Answer("/", "x", "front"));
        _cache.InTouch = false;

        _cache.Fresh("/").ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        _cache.Fresh("/").ShouldBeNull();
        _cache.Aged("/").ShouldBeNull();
        _cache.InTouch = true;
        _cache.Fresh("/").ShouldNotBeNull();
    }

    [Fact]
    public void An_old_answer_may_be_shown_while_a_new_one_is_asked_for_but_not_a_wrong_one()
    {
        _cache.Put(Answer("/", "x", "front"));
        _clock.Advance(TimeSpan.FromSeconds(61));
        _cache.Fresh("/").ShouldBeNull();
        _cache.Aged("/").ShouldNotBeNull();

        _cache.Evict(["front"]);

        _cache.Aged("/").ShouldBeNull();
    }

    private CachedAnswer Answer(string key, string body, params string[] tags) => Answer(key, body, _clock.GetTimestamp(), tags);

    private CachedAnswer Answer(string key, string body, long askedAt, params string[] tags) =>
        new(key, api: false, tags, [], "\"1\"", System.Text.Encoding.ASCII.GetBytes(body), compressible: false) { Epoch = _cache.Epoch, AskedAt = askedAt };
}
