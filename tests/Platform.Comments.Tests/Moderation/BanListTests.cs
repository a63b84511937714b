using System.Net;
using CsCheck;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;
using Platform.Text;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

public sealed class BanListTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static Ban Of(byte[]? author = null, string? name = null, string? prefix = null, DateTimeOffset? until = null, long version = 1, Guid? id = null) => new()
    {
        Id = id ?? Guid.CreateVersion7(),
        Version = version,
        Author = author,
        Name = name,
        IpPrefix = prefix is null ? null : Ban.ReadPrefix(prefix)!.Value.ToString(),
        Until = until,
        Reason = "r",
        By = Guid.Empty,
        ByName = "x",
        CreatedAt = Now,
        ChangedAt = Now,
    };

    [Theory]
    [InlineData("203.0.113.77/24", "203.0.113.0/24")]
    [InlineData("203.0.113.77/32", "203.0.113.77/32")]
    [InlineData("10.255.1.1/9", "10.128.0.0/9")]
    [InlineData("2001:db8:ffff::1/33", "2001:db8:8000::/33")]
    [InlineData("2001:DB8::1/128", "2001:db8::1/128")]
    [InlineData("::ffff:203.0.113.9/120", "203.0.113.0/24")]
    [InlineData("203.0.113.0", null)]
    [InlineData("203.0.113.0/", null)]
    [InlineData("203.0.113.0/-1", null)]
    [InlineData("203.0.113.0/24x", null)]
    [InlineData("203.0.113/24", null)]
    [InlineData("0x7f.0.0.1/32", null)]
    [InlineData("2130706433/32", null)]
    [InlineData("203.0.113.0/33", null)]
    [InlineData("::/129", null)]
    [InlineData("/24", null)]
    [InlineData("", null)]
    [InlineData("١٠.٠.٠.٠/٨", null)]
    public void A_prefix_is_read_strictly_and_its_host_bits_are_cleared(string text, string? read) => (Ban.ReadPrefix(text)?.ToString()).ShouldBe(read);

    [Theory]
    [InlineData("10.0.0.0/7")]
    [InlineData("2000::/15")]
    [InlineData("::ffff:0:0/96")]
    public void Whole_countries_are_not_banned(string text) => Should.Throw<Problem>(() => Ban.ReadPrefix(text)).Code.ShouldBe("ban.tooWide");

    [Fact]
    public void The_list_says_what_a_look_at_each_ban_would_say()
    {
        var author = Gen.Int[0, 5].Select(n => new byte[] { (byte)n });
        var name = Gen.Int[0, 5].Select(n => new[] { "Ana", "ana", "Аna", "Bob", "محمد", "!" }[n]);
        var address = Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 255]).Select((six, third, fourth) => six ? $"2001:db8:{third}::{fourth:x}" : $"203.0.{third}.{fourth}");
        var ban = Gen.Select(Gen.Int[0, 2], author, name, address, Gen.Int[9, 32], Gen.Int[-2, 2]).Select((kind, a, n, from, length, days) => Of(kind == 0 ? a : null, kind == 1 ? n : null,
            kind == 2 ? $"{from}/{(from.Contains(':') ? length + 16 : length)}" : null, days == 0 ? null : Now.AddDays(days)));

        Gen.Select(ban.List[0, 12], author, name, address).Sample((bans, a, n, from) =>
        {
            var naive = bans.Where(b => b.Holds(Now)).Any(b => (b.Author is not null && b.Author.SequenceEqual(a)) || (b.Name is not null && LookAlikes.OfName(b.Name).Length > 0 && LookAlikes.OfName(b.Name) == LookAlikes.OfName(n))
                || (b.IpPrefix is not null && IPNetwork.Parse(b.IpPrefix).Contains(IPAddress.Parse(from))));
            return (new BanList(bans).Find(a is null ? [] : [a], n, IPAddress.Parse(from), Now) is not null) == naive;
        }, iter: 5000);
    }

    [Fact]
    public void News_are_taken_in_and_what_is_no_news_makes_no_other_list()
    {
        var (one, other) = (Of(name: "Ana"), Of(name: "Bob"));
        var list = new BanList([one, other]);

        list.With([]).ShouldBeSameAs(list);
        list.With([one, other]).ShouldBeSameAs(list);
        list.With([Of(name: "Carl").Lift(Now)]).ShouldBeSameAs(list);
        list.With([one.Lift(Now)]).Bans.ShouldBe([other]);
        list.With([Of(name: "Dana")]).Bans.Count.ShouldBe(3);
        list.With([one with { Version = 2, Until = Now.AddDays(-1) }]).Find([], "Ana", null, Now).ShouldBeNull();
    }
}
