using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

public class AggregationTests(StoreInstance store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stages_match_join_group_sort_and_count()
    {
        var database = store.NewDatabase();
        var articles = database.GetCollection<BsonDocument>("articles");
        await articles.InsertManyAsync(Enumerable.Range(0, 20).Select(n => new BsonDocument { { "_id", n }, { "section", n % 3 }, { "tags", new BsonArray { $"t{n % 2}", "all" } } }), cancellationToken: Ct);
        await database.GetCollection<BsonDocument>("comments").InsertManyAsync(Enumerable.Range(0, 60).Select(n => new BsonDocument { { "_id", n }, { "article", n % 20 }, { "votes", n } }), cancellationToken: Ct);

        var joined = await Run(articles, "{ $match: { _id: { $lt: 5 } } }", "{ $lookup: { from: 'comments', localField: '_id', foreignField: 'article', as: 'comments' } }",
            "{ $project: { count: { $size: '$comments' }, top: { $max: '$comments.votes' } } }", "{ $sort: { _id: 1 } }");
        joined.ShouldBe(Enumerable.Range(0, 5).Select(n => new BsonDocument { { "_id", n }, { "count", 3 }, { "top", n + 40 } }));

        var grouped = await Run(articles, "{ $group: { _id: '$section', n: { $sum: 1 }, first: { $min: '$_id' } } }", "{ $sort: { _id: 1 } }");
        grouped.Select(g => (g["n"].ToInt32(), g["first"].ToInt32())).ShouldBe([(7, 0), (7, 1), (6, 2)]);

        var unwound = await Run(articles, "{ $unwind: '$tags' }", "{ $sortByCount: '$tags' }", "{ $limit: 1 }");
        unwound.ShouldHaveSingleItem().ShouldBe(BsonDocument.Parse("{ _id: 'all', count: 20 }"));

        var facets = (await Run(articles, "{ $facet: { total: [{ $count: 'n' }], odd: [{ $match: { tags: 't1' } }, { $count: 'n' }] } }")).ShouldHaveSingleItem();
        (facets["total"][0]["n"].ToInt32(), facets["odd"][0]["n"].ToInt32()).ShouldBe((20, 10));
    }

    [Fact]
    public async Task A_pipeline_can_merge_its_result_into_a_collection()
    {
        var database = store.NewDatabase();
        var articles = database.GetCollection<BsonDocument>("articles");
        await articles.InsertManyAsync(Enumerable.Range(0, 6).Select(n => new BsonDocument { { "_id", n }, { "section", n % 2 } }), cancellationToken: Ct);

        await Run(articles, "{ $group: { _id: '$section', n: { $sum: 1 } } }", "{ $merge: { into: 'counts' } }");

        (await database.GetCollection<BsonDocument>("counts").Find("{}").Sort("{ _id: 1 }").ToListAsync(Ct)).Select(c => c["n"].ToInt32()).ShouldBe([3, 3]);
    }

    private static Task<List<BsonDocument>> Run(IMongoCollection<BsonDocument> collection, params string[] stages) =>
        collection.Aggregate<BsonDocument>(stages.Select(BsonDocument.Parse).ToArray(), cancellationToken: Ct).ToListAsync(Ct);
}
