using Platform.Comments.Moderation.Rules;
using Platform.Comments.Moderation.Spam;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

public sealed class SpamModelTests
{
    private static SpamModel Taught(int lessons, int seed = 1) => SpamModel.Empty.Learn(SpamCorpus.Make(lessons, seed).Select(c => new Lesson(SpamFeatures.Of(c.Name, c.Body), c.IsSpam)));

    /// <summary>How much of the spam is held, and how much of what readers write.</summary>
    private static (double Spam, double Readers) Held(SpamModel model, int seed)
    {
        var judged = SpamCorpus.Make(4000, seed).Select(c => (c.IsSpam, Held: model.Score(SpamFeatures.Of(c.Name, c.Body)) >= SpamScore.Holds)).ToArray();
        return (judged.Where(j => j.IsSpam).Average(j => j.Held ? 1d : 0), judged.Where(j => !j.IsSpam).Average(j => j.Held ? 1d : 0));
    }

    [Theory]
    [InlineData(200, 0.7, 0.005)]
    [InlineData(1000, 0.85, 0.005)]
    [InlineData(5000, 0.9, 0.005)]
    public void It_holds_most_spam_and_next_to_no_reader(int lessons, double spam, double readers)
    {
        var held = Held(Taught(lessons), seed: 2);

        TestContext.Current.TestOutputHelper?.WriteLine($"after {lessons} decisions {held.Spam:P1} of spam and {held.Readers:P2} of readers' comments are held");
        held.Spam.ShouldBeGreaterThan(spam);
        held.Readers.ShouldBeLessThanOrEqualTo(readers);
    }

    [Fact]
    public void With_few_lessons_or_without_any_it_has_no_opinion()
    {
        SpamModel.Empty.Score(SpamFeatures.Of("a", "b")).ShouldBeNull();
        Taught(60).Score(SpamFeatures.Of("a", "b")).ShouldBeNull();
        Taught(2000).Score(SpamFeatures.Of("", "")).ShouldNotBeNull();
    }

    [Fact]
    public void What_is_forgotten_leaves_no_trace()
    {
        var model = Taught(500);
        var lesson = new Lesson(SpamFeatures.Of("متابع", "رأي لم يقله أحد من قبل"), IsSpam: true);

        var again = model.Learn([lesson]).Learn([lesson with { Weight = -1 }]);

        again.ToBytes().ShouldBe(model.ToBytes());
        SpamModel.Empty.Learn([lesson with { Weight = -1 }]).ToBytes().ShouldBe(SpamModel.Empty.ToBytes());
    }

    [Fact]
    public void It_is_stored_whole_and_counts_never_run_over()
    {
        var model = Taught(500);
        var features = SpamFeatures.Of("x", "اربح المال");

        SpamModel.FromBytes(model.ToBytes(), model.SpamLessons, model.HamLessons).Score(features).ShouldBe(model.Score(features));
        var much = model.Learn(Enumerable.Repeat(new Lesson(features, IsSpam: true), 120_000));
        much.SpamLessons.ShouldBeLessThan(60_000);
        much.Score(features)!.Value.ShouldBeGreaterThan(0.99);
        SpamModel.FromBytes([1, 2, 3], 5, 5).ShouldBeSameAs(SpamModel.Empty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\ud800")]
    [InlineData("1111111111111111111111111111111111111")]
    public void Any_text_has_features(string text) => SpamFeatures.Of(text, text).ShouldAllBe(f => f >= 0 && f < SpamModel.Buckets);
}
