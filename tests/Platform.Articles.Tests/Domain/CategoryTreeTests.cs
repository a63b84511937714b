using CsCheck;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Domain;

public sealed class CategoryTreeTests
{
    private static readonly CategoryTree Tree = Of(("a", null), ("b", "a"), ("c", "b"), ("d", null));

    [Fact]
    public void A_category_takes_those_below_it_along() => Tree.WithChildren("a").ShouldBe(["a", "b", "c"]);

    [Fact]
    public void A_category_is_found_by_those_above_it() => Tree.WithParents(["c", "b", "d"]).ShouldBe(["c", "b", "a", "d"]);

    [Theory]
    [InlineData("a", "c", "category.cycle")]
    [InlineData("a", "a", "category.cycle")]
    [InlineData("a", "x", "category.unknownParent")]
    public void A_move_that_breaks_the_tree_is_refused(string slug, string parent, string code) =>
        Should.Throw<Problem>(() => Tree.Change(slug, new IfMatch(1), [], parent, 1)).Code.ShouldBe(code);

    [Fact]
    public void A_repeat_after_a_crash_adds_nothing() => Tree.Add(Tree.Get("a")).ShouldBe((Tree, null));

    [Fact]
    public void A_name_falls_back_to_the_sites_language_and_then_to_any()
    {
        var category = new Category(Guid.NewGuid(), 1, "a", new() { ["fr"] = "f", ["en"] = "e" }, null, 1);
        (category.Name("fr", ["ar", "en"]), category.Name("ar", ["ar", "en"]), category.Name("ar", ["ar"])).ShouldBe(("f", "e", "f"));
    }

    [Fact]
    public void Whatever_is_moved_the_tree_stays_one() => Gen.Select(Gen.OneOf("a", "b", "c", "d"), Gen.OneOf("a", "b", "c", "d", "")).Array[0, 20].Sample(moves =>
    {
        var tree = Tree;
        foreach (var (slug, parent) in moves)
        {
            try { tree = tree.Change(slug, new IfMatch(null), [], parent.Length == 0 ? null : parent, 1).Item1; }
            catch (Problem) { continue; }
        }
        foreach (var category in tree.Categories)
        {
            var seen = new HashSet<string>();
            for (var at = category; at is not null; at = at.Parent is null ? null : tree.Get(at.Parent)) seen.Add(at.Slug).ShouldBeTrue();
        }
    });

    private static CategoryTree Of(params (string Slug, string? Parent)[] categories) =>
        categories.Aggregate(CategoryTree.Empty, (tree, c) => tree.Add(new Category(Guid.CreateVersion7(), 1, c.Slug, new() { ["ar"] = c.Slug }, c.Parent, 1)).Item1);
}
