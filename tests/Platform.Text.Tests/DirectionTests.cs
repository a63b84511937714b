using Shouldly;
using Xunit;

namespace Platform.Text.Tests;

public sealed class DirectionTests
{
    [Theory]
    [InlineData("ar", Direction.Rtl)]
    [InlineData("ar-IQ", Direction.Rtl)]
    [InlineData("fa", Direction.Rtl)]
    [InlineData("ckb", Direction.Rtl)]
    [InlineData("en", Direction.Ltr)]
    [InlineData("ku", Direction.Ltr)]
    [InlineData("", Direction.Ltr)]
    public void The_direction_follows_from_the_language(string language, Direction direction) => Directions.Of(language).ShouldBe(direction);
}
