using System.Text.Json;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class NestRepliesTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    /// <summary>Comments, each answering the one before it.</summary>
    private async Task<List<JsonElement>> Chain(Guid article, int length, Guid? under = null)
    {
        var chain = new List<JsonElement>();
        for (var i = 0; i < length; i++) chain.Add(await fixture.Post(article, chain.Count > 0 ? chain[^1].Id() : under));
        return chain;
    }

    private static JsonElement Only(JsonElement comment) => comment.Items("replies").ShouldHaveSingleItem();

    private static string? More(JsonElement comment) => comment.TryGetProperty("moreReplies", out var more) ? more.GetString() : null;

    [Fact]
    public async Task Four_levels_stand_in_each_other_and_what_is_deeper_stands_flat_under_the_fourth()
    {
        var article = await fixture.Article();
        var chain = await Chain(article, 7);

        var list = await fixture.List(article, "?depth=4");

        var fourth = Only(Only(Only(list.Items().ShouldHaveSingleItem())));
        fourth.Id().ShouldBe(chain[3].Id());
        fourth.Ids("replies").ShouldBe(chain.Skip(4).Select(c => c.Id()));
        fourth.Items("replies").Select(r => r.GetProperty("parentId").GetGuid()).ShouldBe(chain.Skip(3).Take(3).Select(c => c.Id()));
        fourth.Items("replies").SelectMany(r => r.EnumerateObject()).Select(p => p.Name).ShouldNotContain("replies");
        More(fourth).ShouldBeNull();
        list.Total().ShouldBe(7);
    }

    [Fact]
    public async Task What_is_not_shown_is_reached_by_a_cursor_at_every_level()
    {
        var article = await fixture.Article();
        var top = await fixture.Post(article);
        var second = new List<JsonElement>();
        for (var i = 0; i < 4; i++) second.Add(await fixture.Post(article, top.Id()));
        var third = new List<JsonElement>();
        for (var i = 0; i < 3; i++) third.Add(await fixture.Post(article, second[0].Id()));
        var fourth = new List<JsonElement>();
        for (var i = 0; i < 2; i++) fourth.Add(await fixture.Post(article, third[0].Id()));
        var fifth = new List<JsonElement>();
        for (var i = 0; i < 2; i++) fifth.Add(await fixture.Post(article, fourth[0].Id()));
        var sixth = await Chain(article, 2, fifth[0].Id());

        var one = (await fixture.List(article, "?depth=4")).Items().Single();

        one.Ids("replies").ShouldBe(second.Take(3).Select(c => c.Id()));
        var two = one.Items("replies")[0];
        two.Ids("replies").ShouldBe(third.Take(2).Select(c => c.Id()));
        var three = two.Items("replies")[0];
        three.Ids("replies").ShouldBe([fourth[0].Id()]);
        var four = Only(three);
        four.Ids("replies").ShouldBe([fifth[0].Id(), sixth[0].Id(), sixth[1].Id()]);
        (await fixture.List(article, $"?parent={top.Id()}&cursor={More(one)}")).Ids().ShouldBe([second[3].Id()]);
        (await fixture.List(article, $"?parent={second[0].Id()}&cursor={More(two)}")).Ids().ShouldBe([third[2].Id()]);
        (await fixture.List(article, $"?parent={third[0].Id()}&cursor={More(three)}")).Ids().ShouldBe([fourth[1].Id()]);
        // Under the last level it begins again, where each has its own beneath it.
        var again = await fixture.List(article, $"?parent={fourth[0].Id()}&depth=3&cursor={More(four)}");
        again.Ids().ShouldBe(fifth.Select(c => c.Id()));
        Only(Only(again.Items()[0])).Id().ShouldBe(sixth[1].Id());
    }

    [Fact]
    public async Task A_page_above_a_long_chain_shows_its_few_and_leads_on()
    {
        var article = await fixture.Article();
        var chain = await Chain(article, 40);
        var walked = new HashSet<Guid>();

        for (var (query, pages) = ("?depth=4", 0); ; pages++)
        {
            pages.ShouldBeLessThan(20);
            var page = await fixture.List(article, query);
            var shown = page.Items().SelectMany(All).ToArray();
            shown.Length.ShouldBeLessThanOrEqualTo(20 * 34);
            walked.UnionWith(shown.Select(c => c.Id()));
            if (walked.Count == chain.Count) break;
            query = $"?depth=3&parent={chain[walked.Count - 1].GetProperty("parentId").GetGuid()}";
        }

        static IEnumerable<JsonElement> All(JsonElement comment) => (comment.TryGetProperty("replies", out _) ? comment.Items("replies") : []).SelectMany(All).Prepend(comment);
    }

    [Fact]
    public async Task What_is_hidden_is_in_no_level_and_neither_is_what_stands_under_it()
    {
        var article = await fixture.Article();
        var chain = await Chain(article, 6);

        await fixture.Decide("reject", chain[4].Id());
        Only(Only(Only((await fixture.List(article, "?depth=4")).Items().Single()))).Items("replies").ShouldBeEmpty();
        await fixture.Decide("reject", chain[1].Id());
        (await fixture.List(article, "?depth=4")).Items().Single().Items("replies").ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_depth_the_list_is_as_the_contract_says()
    {
        var article = await fixture.Article();
        await Chain(article, 3);

        var reply = Only((await fixture.List(article)).Items().Single());

        reply.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "version", "articleId", "parentId", "name", "body", "status", "createdAt", "editedAt", "replyCount", "reactions", "staff"]);
        reply.GetProperty("replyCount").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("?depth=1")]
    [InlineData("?depth=5")]
    [InlineData("?depth=x")]
    [InlineData("?depth=4&limit=21")]
    public async Task Other_depths_are_a_400(string query) => await (await fixture.Guest.Get($"/api/articles/{await fixture.Article()}/comments{query}")).Problem(400);
}
