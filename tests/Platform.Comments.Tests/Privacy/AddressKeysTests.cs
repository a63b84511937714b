using Microsoft.Extensions.Configuration;
using Platform.Comments.Privacy;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Privacy;

public sealed class AddressKeysTests
{
    private const string Service = "the service's secret of 32 characters and more", One = "one secret for tests of 32 characters and more", Two = "two secrets for tests of 32 characters and more";

    private static AddressKeys Keys(string? text) => new(Configuration(text));

    private static ConfigurationManager Configuration(string? text) => new() { ["SERVICE_SECRET"] = Service, ["COMMENTS_ADDRESS_KEYS"] = text };

    private static Guests Guests(string? text) => new(new PlatformSettings(Configuration(text)), Keys(text));

    private static Comment Of(Guests guests, string email, string body = "text") => CommentTests.New(body: body) with
    {
        Email = guests.Seal(email),
        Author = guests.Author(email),
        AddressKey = guests.Key,
        RepeatKey = guests.RepeatKey(Guid.Empty, email, body),
        ArticleId = Guid.Empty,
    };

    [Fact]
    public void Without_the_setting_the_services_own_secret_is_the_key()
    {
        Keys(null).Newest.Id.ShouldBe(Keys(Service).Newest.Id);
        Guests(null).Author("a@b.co").ShouldBe(Guests(Service).Author("a@b.co"));
        Keys("service").Newest.Id.ShouldBe(Keys(Service).Newest.Id);
        Guests($"{One},service").Reveal(Of(Guests(null), "a@b.co")).ShouldBe("a@b.co");
    }

    [Theory]
    [InlineData("short")]
    [InlineData(One + ",short")]
    [InlineData(One + "," + One)]
    [InlineData(",")]
    public void Keys_that_are_short_or_the_same_are_refused(string text) => Should.Throw<SettingException>(() => Keys(text)).Message.ShouldContain("COMMENTS_ADDRESS_KEYS");

    [Fact]
    public void What_an_older_key_has_made_is_opened_matched_and_renewed()
    {
        var (before, during, after) = (Guests(One), Guests($"{Two}, {One}"), Guests(Two));
        var old = Of(before, "Some@One.example");

        during.Reveal(old).ShouldBe("Some@One.example");
        during.Authors("some@one.example").ShouldBe([after.Author("some@one.example"), before.Author("some@one.example")]);
        during.Authors(old).ShouldBe(during.Authors("some@one.example"));
        during.OlderRepeatKeys(Guid.Empty, "some@one.example", "text").ShouldBe([old.RepeatKey]);

        var renewed = during.Renew(old)!;
        (renewed.AddressKey, after.Reveal(renewed), renewed.Version).ShouldBe((after.Key, "Some@One.example", old.Version));
        renewed.Author.ShouldBe(after.Author("some@one.example"));
        renewed.RepeatKey.ShouldBe(after.RepeatKey(Guid.Empty, "some@one.example", "text"));
        during.Renew(renewed).ShouldBeSameAs(renewed);
        after.Renew(old).ShouldBeNull();
        after.Reveal(old).ShouldBeNull();
    }

    [Fact]
    public void What_was_made_before_keys_had_ids_is_opened_by_whichever_key_fits()
    {
        var old = Of(Guests(One), "a@b.co") with { AddressKey = null };

        Guests($"{Two},{One}").Renew(old)!.AddressKey.ShouldBe(Guests(Two).Key);
        Guests(One).Renew(old)!.AddressKey.ShouldBe(Guests(One).Key);
        Guests(Two).Renew(old).ShouldBeNull();
    }

    [Fact]
    public void A_text_that_was_imported_may_still_stand_twice()
    {
        var imported = Of(Guests(One), "a@b.co");
        imported = imported with { RepeatKey = imported.Id.ToByteArray() };

        Guests($"{Two},{One}").Renew(imported)!.RepeatKey.ShouldBe(imported.RepeatKey);
    }
}
