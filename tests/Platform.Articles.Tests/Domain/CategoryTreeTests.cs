using CsCheck;
using Platform.Contracts;
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
        Should.Throw<Problem>(() => Tree.Change(slug, new IfMatch(1), slug, [], parent, 1)).Code.ShouldBe(code);

    [Fact]
    public void A_repeat_after_a_crash_adds_nothing() => Told(Tree.Add(Tree.Get("a"))).ShouldBe((Tree, 0));

    [Fact]
    public void A_renamed_category_is_found_by_every_slug_it_had_and_what_lies_below_comes_along()
    {
        var (tree, told) = Rename(Rename(Tree, "b", "x").Item1, "x", "y");
        (tree.Find("b"), tree.Find("x"), tree.Get("y").Former).ShouldSatisfyAllConditions(t => t.Item1.ShouldBe(tree.Get("y")), t => t.Item2.ShouldBe(tree.Get("y")), t => t.Former.ShouldBe(["x", "b"]));
        (tree.Get("c").Parent, tree.Get("c").Version).ShouldBe(("y", 3));
        tree.WithChildren("b").ShouldBe(["y", "x", "b", "c"]);
        tree.WithParents(["c"]).ShouldBe(["c", "y", "a", "x", "b"]);
        told.Select(m => (m.Slug, m.Deleted)).ShouldBe([("y", false), ("c", false)], ignoreOrder: true);
        told.Single(m => m.Slug == "y").FormerSlugs.ShouldBe(["x", "b"]);
    }

    [Fact]
    public void A_former_slug_is_the_categorys_own_and_nobody_elses()
    {
        var tree = Rename(Tree, "b", "x").Item1;
        Should.Throw<Problem>(() => tree.Add(Tree.Get("b") with { Id = Guid.NewGuid() })).Code.ShouldBe("category.slugTaken");
        Should.Throw<Problem>(() => Rename(tree, "a", "b")).Code.ShouldBe("category.slugTaken");
        Should.Throw<Problem>(() => tree.Remove("b", new IfMatch(null))).Status.ShouldBe(404);
        Rename(tree, "x", "b").Item1.Get("b").Former.ShouldBe(["x"]);
        Rename(tree, "b", "b").Item1.Get("b").Former.ShouldBe(["x"]);   // by any of its slugs
    }

    [Fact]
    public void A_merge_takes_slugs_and_children_over_and_can_be_repeated()
    {
        var (tree, told) = Tree.Merge("b", new IfMatch(1), "d");
        (tree.Current("b"), tree.Get("c").Parent, tree.Get("d").Version).ShouldBe(("d", "d", 2));
        tree.WithChildren("b").ShouldBe(["d", "b", "c"]);
        told.Select(m => (m.Slug, m.Deleted, m.Into)).ShouldBe([("b", true, "d"), ("d", false, null), ("c", false, null)], ignoreOrder: true);
        Told(tree.Merge("b", new IfMatch(1), "d")).ShouldBe((tree, 0));
        Should.Throw<Problem>(() => tree.Merge("d", new IfMatch(null), "b")).Code.ShouldBe("category.mergeIntoItself");
        Should.Throw<Problem>(() => tree.Merge("d", new IfMatch(null), "z")).Code.ShouldBe("category.unknownTarget");
        Should.Throw<Problem>(() => Tree.Merge("b", new IfMatch(7), "d")).Status.ShouldBe(412);
    }

    [Fact]
    public void A_category_merged_into_one_below_it_leaves_it_the_place()
    {
        var tree = Tree.Merge("a", new IfMatch(1), "c").Item1;   // a > b > c
        (tree.Get("c").Parent, tree.Get("b").Parent).ShouldBe((null, "c"));
        tree.WithChildren("a").ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public void Slugs_are_bounded()
    {
        var many = Tree with { Categories = [.. Tree.Categories.Select((c, i) => i > 0 ? c : c with { Former = [.. Enumerable.Range(0, CategoryTree.MaxSlugs - Tree.Categories.Count).Select(n => $"old-{n}")] })] };
        Should.Throw<Problem>(() => Rename(many, "b", "x")).Code.ShouldBe("category.tooMany");
    }

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
            try { tree = tree.Change(slug, new IfMatch(null), tree.Current(slug), [], parent.Length == 0 ? null : parent, 1).Item1; }
            catch (Problem) { continue; }
        }
        foreach (var category in tree.Categories)
        {
            var seen = new HashSet<string>();
            for (var at = category; at is not null; at = at.Parent is null ? null : tree.Get(at.Parent)) seen.Add(at.Slug).ShouldBeTrue();
        }
    });

    [Fact]
    public void Whatever_is_renamed_and_merged_every_slug_leads_to_one_category() => Gen.Select(Gen.Bool, Gen.OneOf("a", "b", "c", "d", "e", "f"), Gen.OneOf("a", "b", "c", "d", "e", "f")).Array[0, 12].Sample(steps =>
    {
        var tree = Tree;
        foreach (var (merge, one, other) in steps)
        {
            try { tree = merge ? tree.Merge(one, new IfMatch(null), other).Item1 : Rename(tree, one, other).Item1; }
            catch (Problem) { continue; }
        }
        tree.Categories.SelectMany(c => c.AllSlugs()).ShouldBeUnique();
        foreach (var slug in new[] { "a", "b", "c", "d" }) tree.Find(tree.Get(slug).Slug).ShouldBe(tree.Get(slug));
        foreach (var category in tree.Categories)
        {
            var seen = new HashSet<string>();
            for (var at = category; at is not null; at = at.Parent is null ? null : tree.Categories.Single(c => c.Slug == at.Parent)) seen.Add(at.Slug).ShouldBeTrue();
        }
    });

    private static (CategoryTree, IReadOnlyList<CategoriesChanged>) Rename(CategoryTree tree, string slug, string to) =>
        tree.Change(slug, new IfMatch(null), to, tree.Find(slug)?.Names ?? [], tree.Find(slug)?.Parent, 1);

    private static (CategoryTree, int) Told((CategoryTree Tree, IReadOnlyList<CategoriesChanged> Messages) change) => (change.Tree, change.Messages.Count);

    private static CategoryTree Of(params (string Slug, string? Parent)[] categories) =>
        categories.Aggregate(CategoryTree.Empty, (tree, c) => tree.Add(new Category(Guid.CreateVersion7(), 1, c.Slug, new() { ["ar"] = c.Slug }, c.Parent, 1)).Item1);
}
