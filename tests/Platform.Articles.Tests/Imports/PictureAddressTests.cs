using Platform.Articles.Imports;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Imports;

public sealed class PictureAddressTests
{
    [Theory]
    [InlineData("https://old.example/wp-content/uploads/2024/01/a.jpg", "old.example/wp-content/uploads/2024/01/a.jpg")]
    [InlineData("http://WWW.Old.example/wp-content/uploads/a.jpg?w=300&amp;h=2#x", "old.example/wp-content/uploads/a.jpg")]
    [InlineData("//cdn.example/a.jpg", "cdn.example/a.jpg")]
    [InlineData("/wp-content/uploads/a.jpg", "old.example/wp-content/uploads/a.jpg")]
    [InlineData("https://i0.wp.com/old.example/wp-content/uploads/a.jpg?ssl=1", "old.example/wp-content/uploads/a.jpg")]
    [InlineData("https://old.example/%D8%B5%D9%88%D8%B1%D8%A9.jpg", "old.example/صورة.jpg")]
    [InlineData("https://old.example/صورة.jpg", "old.example/صورة.jpg")]
    [InlineData("https://old.example:8443/a.jpg", "old.example:8443/a.jpg")]
    [InlineData("https://old.example/x/../a.jpg", "old.example/a.jpg")]
    [InlineData("a.jpg", null)]
    [InlineData("ftp://old.example/a.jpg", null)]
    [InlineData("data:image/png;base64,AAAA", null)]
    [InlineData("https://old.example/", null)]
    [InlineData("https://old.example/a%00.jpg", "old.example/a.jpg")]
    public void Every_way_to_write_an_address_is_one(string address, string? normal) => PictureAddress.Normalise(address, "old.example").ShouldBe(normal);

    [Theory]
    [InlineData("x/a-300x200.jpg", "x/a.jpg", "x/a-scaled.jpg", "x/a-300x200.jpg")]
    [InlineData("x/a.jpg", "x/a.jpg", "x/a-scaled.jpg")]
    [InlineData("x/a-scaled.jpg", "x/a-scaled.jpg", "x/a.jpg")]
    [InlineData("x/a-1024x683.jpeg", "x/a.jpeg", "x/a-scaled.jpeg", "x/a-1024x683.jpeg")]
    [InlineData("x/a", "x/a")]
    public void Any_size_leads_to_the_file_itself(string address, params string[] files) => PictureAddress.Files(address).ShouldBe(files);

    [Fact]
    public void The_id_follows_from_the_address_and_is_of_its_month()
    {
        var id = PictureAddress.Id("old.example/wp-content/uploads/2024/03/a.jpg");
        id.ShouldBe(PictureAddress.Id("old.example/wp-content/uploads/2024/03/a.jpg"));
        id.ShouldNotBe(PictureAddress.Id("old.example/wp-content/uploads/2024/03/b.jpg"));
        DateTimeOffset.FromUnixTimeMilliseconds(HashedId.UnixMilliseconds(id)).ShouldBe(new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero));
        HashedId.UnixMilliseconds(PictureAddress.Id("old.example/a.jpg")).ShouldBe(0);
    }

    [Theory]
    [InlineData("old.example/2024/01/سوق_الجملة-1.jpg", "سوق الجملة 1")]
    [InlineData("old.example/---.jpg", "---.jpg")]
    public void Its_name_stands_for_a_text(string address, string name) => PictureAddress.Name(address).ShouldBe(name);

    [Theory]
    [InlineData("<img class=\"x\" src='/a.jpg?x=1'> <a href=\"https://b.example/c-1x1.PNG\"><img alt=\"src=\" src=\"c.webp\">", "/a.jpg?x=1", "https://b.example/c-1x1.PNG", "c.webp")]
    [InlineData("data-src=\"a.jpg\" src=\"a.pdf\" src=a.jpg")]
    public void Addresses_are_found_where_pictures_are_shown_or_linked(string html, params string[] addresses) => ItemPictures.AddressesIn(html).ShouldBe(addresses);

    [Theory]
    [InlineData(" src=\"")]
    [InlineData(" src=\"a.jpg")]
    [InlineData(" src= src=")]
    [InlineData(" src=\"x.jpg?")]
    public void Hostile_bodies_are_read_in_no_time(string piece) => ItemPictures.AddressesIn(string.Concat(Enumerable.Repeat(piece, 2_000_000 / piece.Length))).Count.ShouldBeLessThanOrEqualTo(200);
}
