using CsCheck;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Domain;

public sealed class MergesTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    [Fact]
    public void Every_name_leads_to_the_newest_one_in_one_step()
    {
        var merges = With(With(With(Merges.NoTags, "a", "b"), "b", "c"), "c", "d");
        Names.Select(merges.Current).ShouldBe(["d", "d", "d", "d", "e"]);
        merges.Into("d").ShouldBe(["a", "b", "c"], ignoreOrder: true);
        merges.Name("d").ShouldBe("D");
    }

    [Fact]
    public void An_old_name_can_come_back()
    {
        var merges = With(With(With(Merges.NoTags, "x", "a"), "a", "b"), "b", "a");
        (merges.Current("b"), merges.Current("a"), merges.Current("x"), merges.Name("a")).ShouldBe(("a", "a", "a", "A"));
    }

    [Fact]
    public void What_is_merged_into_a_name_that_went_goes_where_that_went() => With(With(Merges.NoTags, "a", "b"), "c", "a").Current("c").ShouldBe("b");

    [Fact]
    public void Whatever_is_merged_there_are_no_chains_and_no_circles() => Gen.Select(Gen.OneOf(Names), Gen.OneOf(Names)).Array[0, 20].Sample(steps =>
    {
        var merges = Merges.NoTags;
        foreach (var (from, to) in steps)
        {
            merges = With(merges, from, to);
            merges.Current(from).ShouldBe(merges.Current(to));
        }
        foreach (var name in Names)
        {
            merges.Current(merges.Current(name)).ShouldBe(merges.Current(name));
            merges.Into(name).ShouldAllBe(n => merges.Current(n) == name);
        }
        merges.Pairs.Select(p => p.From).ShouldBeUnique();
    });

    [Fact]
    public void Merges_are_bounded()
    {
        var full = Merges.NoTags with { Pairs = [.. Enumerable.Range(0, Merges.MaxPairs).Select(n => new Merge($"t{n}", "all", null))] };
        Should.Throw<Problem>(() => full.With("one-more", "all", null, "tag")).Code.ShouldBe("tag.tooManyMerges");
    }

    [Fact]
    public void Content_is_read_under_the_names_of_the_moment()
    {
        var tree = CategoryTree.Empty.Add(new Category(Guid.NewGuid(), 1, "old", new() { ["ar"] = "x" }, null, 1)).Item1.Change("old", new IfMatch(null), "new", new() { ["ar"] = "x" }, null, 1).Item1;
        var author = new Author(Guid.NewGuid(), 2, "sara", new() { ["ar"] = "x" }, null) { Slugs = ["sarah", "sara"], Merged = ["s-ali"] };
        var taxonomy = new Taxonomy(tree, new Dictionary<string, Author> { ["sarah"] = author, ["s-ali"] = author, ["sara"] = author }, With(Merges.NoTags, "usa", "us"));
        var content = ArticleTests.Content with { Categories = ["old", "new", "gone"], Authors = ["sarah", "s-ali", "unknown"], Tags = ["USA", "us", "Iraq"], TagKeys = ["usa", "us", "iraq"] };

        var now = taxonomy.Renew(content);

        now.Categories.ShouldBe(["new", "gone"]);
        now.Authors.ShouldBe(["sara", "unknown"]);
        now.Tags.ShouldBe(["US", "Iraq"]);
        now.TagKeys.ShouldBe(["us", "iraq"]);
        (taxonomy.FormerAuthors(now), taxonomy.FormerTags(now)).ShouldSatisfyAllConditions(f => f.Item1.ShouldBe(["sarah", "s-ali"]), f => f.Item2.ShouldBe(["usa"]));
        taxonomy.Renew(now).ShouldBeSameAs(now);
    }

    private static Merges With(Merges merges, string from, string to) => merges.With(merges.Current(from), to, to.ToUpperInvariant(), "tag");
}
