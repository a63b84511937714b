using Shouldly;
using Xunit;

namespace Platform.ServiceDefaults.Tests.Errors;

public sealed class FieldErrorsTests
{
    public static TheoryData<string> Hostile => ["a\0b", "\ud800", "\udc00a", "a\ufffe", "a" + new string('\u0301', 1_000_000)];

    /// <summary>Each of these makes string.Normalize throw, or busy for minutes.</summary>
    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Hostile))]
    public void Text_that_cannot_be_normalised_is_an_error_of_its_field(string text)
    {
        var errors = new FieldErrors();
        errors.OptionalText(text, 300, "title");
        Should.Throw<Problem>(errors.ThrowIfAny).Errors!.Keys.ShouldBe(["title"]);
    }

    [Theory]
    [InlineData(" e\u0301cole ", "école")]
    [InlineData("مُحَمَّدٌ 👩‍👧", "مُحَمَّدٌ 👩‍👧")]
    public void Text_is_trimmed_and_composed(string text, string kept) => new FieldErrors().OptionalText(text, 300, "title").ShouldBe(kept);
}
