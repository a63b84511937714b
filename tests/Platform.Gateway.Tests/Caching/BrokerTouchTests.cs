using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Platform.Gateway.Caching;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Caching;

public sealed class BrokerTouchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly AnswerCache _cache;
    private readonly BrokerTouch _touch;

    public BrokerTouchTests()
    {
        _cache = new(new CacheSettings(new ConfigurationBuilder().Build()), _clock);
        _touch = new(_cache, _clock, NullLogger<BrokerTouch>.Instance);
    }

    [Fact]
    public void Beats_in_time_and_in_turn_keep_what_is_kept()
    {
        _touch.Hear(1);
        var epoch = _cache.Epoch;
        for (var i = 2; i < 50; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            _touch.Listen();
            _touch.Hear(i);
        }

        _cache.InTouch.ShouldBeTrue();
        _cache.Epoch.ShouldBe(epoch);
    }

    [Fact]
    public void A_lost_beat_may_not_be_all_that_was_lost()
    {
        _touch.Hear(1);
        var epoch = _cache.Epoch;

        _touch.Hear(3);

        _cache.Epoch.ShouldBeGreaterThan(epoch);
    }

    [Fact]
    public void Silence_is_being_out_of_touch_until_the_next_beat()
    {
        _cache.InTouch.ShouldBeFalse("nothing was heard yet");
        _touch.Hear(1);
        _clock.Advance(BrokerTouch.Silence);
        _touch.Listen();
        _cache.InTouch.ShouldBeFalse();
        var epoch = _cache.Epoch;

        _touch.Hear(2);

        _cache.InTouch.ShouldBeTrue();
        _cache.Epoch.ShouldBeGreaterThan(epoch);
    }
}
