using System.Collections.Concurrent;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Events;

namespace Platform.Testing;

/// <summary>How the store goes about a query.</summary>
/// <param name="Query">Command and collection, with types in the place of values.</param>
/// <param name="Plan">As the engine of the local run explains it.</param>
public sealed record QueryPlan(string Query, string Plan)
{
    /// <summary>Whether it looks at every document.</summary>
    public bool Scans => Plan.Contains("Seq Scan on documents_", StringComparison.Ordinal);

    /// <summary>The indexes that it uses; none where that is the one of the ids, or nothing.</summary>
    public IEnumerable<string> Indexes => Plan.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith(Name, StringComparison.Ordinal)).Select(l => l[Name.Length..]).Distinct();

    /// <summary>The index of the ids serves queries for ids, and lists in their order; walked for a list in another order it is a scan by another name.</summary>
    public bool WalksIdsToSort => Indexes.SequenceEqual(["_id_"]) && !Query.Contains("_id: {$in: ", StringComparison.Ordinal)
        && Query.Contains("sort: { \"", StringComparison.Ordinal) && !Query.Contains("sort: { \"_id\"", StringComparison.Ordinal);

    private const string Name = "indexName: ";
}

/// <summary>
/// Hears what a service asks its store, and has it explained by the engine of the local run, which has no words for that on the wire. Scans are forbidden to the planner, so that it
/// scans exactly where no index can serve, however few documents a test has.
/// </summary>
public sealed class QueryPlans
{
    private readonly ConcurrentDictionary<string, BsonDocument> _heard = new(StringComparer.Ordinal);

    /// <summary>Give this to <c>MongoClientSettings.ClusterConfigurator</c>.</summary>
    public void Listen(ClusterBuilder cluster) => cluster.Subscribe<CommandStartedEvent>(started =>
    {
        if (Query(started.CommandName, started.Command) is { } query) _heard.TryAdd(Shape(query), query);
    });

    /// <returns>Null where the store is not the local engine.</returns>
    public async Task<IReadOnlyList<QueryPlan>?> Explain(string database)
    {
        var (ok, known) = await Sql($"select count(*) from documentdb_api_catalog.collections where database_name = '{database}'");
        if (!ok || known.Trim() is "" or "0") return null;
        var heard = _heard.OrderBy(h => h.Key, StringComparer.Ordinal).ToList();
        var sql = new StringBuilder("set enable_seqscan = off;\n");
        foreach (var (_, query) in heard)
        {
            var json = query.ToJson(new JsonWriterSettings { OutputMode = JsonOutputMode.CanonicalExtendedJson }).Replace("'", "''", StringComparison.Ordinal);
            sql.Append("\\echo ---\nexplain (costs off) select document from documentdb_api_catalog.").Append(query.Contains("aggregate") ? "bson_aggregation_pipeline" : "bson_aggregation_find")
                .Append("('").Append(database).Append("', '").Append(json).Append("'::documentdb_core.bson);\n");
        }
        var (_, output) = await Sql(sql.ToString());
        var plans = output.Split("---\n")[1..];
        return plans.Length == heard.Count ? [.. heard.Zip(plans, (h, plan) => new QueryPlan(h.Key, plan.Trim()))] : throw new InvalidOperationException("The engine did not explain every query:\n" + output);
    }

    private static async Task<(bool Ok, string Output)> Sql(string sql)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, sql);
        try { return await Task.Run(() => Infrastructure.Run(Path.Combine(Infrastructure.Root, "deploy", "local", "store"), ["sql", "-qAt", "-f", file], TimeSpan.FromSeconds(60))); }
        finally { File.Delete(file); }
    }

    /// <summary>What of a command looks for documents, as find or aggregate; null where nothing does. Updates and deletions look as a find does. Cloned: the command is gone once it is sent.</summary>
    private static BsonDocument? Query(string name, BsonDocument command) => name switch
    {
        "find" => Only(command, "find", "filter", "sort", "limit", "projection", "hint"),
        "aggregate" when command["aggregate"].IsString => Only(command, "aggregate", "pipeline", "cursor"),
        "count" when command.Contains("query") => new BsonDocument { ["find"] = command["count"], ["filter"] = command["query"].DeepClone() },
        "distinct" => new BsonDocument { ["find"] = command["distinct"], ["filter"] = command["query"].DeepClone() },
        "update" => new BsonDocument { ["find"] = command["update"], ["filter"] = command["updates"][0]["q"].DeepClone() },
        "delete" => new BsonDocument { ["find"] = command["delete"], ["filter"] = command["deletes"][0]["q"].DeepClone() },
        "findAndModify" => new BsonDocument { ["find"] = command["findAndModify"], ["filter"] = command["query"].DeepClone() },
        _ => null,
    };

    private static BsonDocument Only(BsonDocument command, params string[] names) => new(names.Where(command.Contains).Select(n => new BsonElement(n, command[n].DeepClone())));

    private static string Shape(BsonValue value) => value switch
    {
        BsonDocument document => "{" + string.Join(", ", document.Where(e => e.Name is not ("projection" or "cursor")).Select(e => e.Name is "find" or "aggregate" ? e.Value.ToString() : $"{e.Name}: {(e.Name == "sort" ? e.Value : Shape(e.Value))}")) + "}",
        BsonArray { Count: 0 } => "[]",
        BsonArray array => $"[{string.Join(", ", array.Select(Shape).Distinct())}]",
        _ => value.BsonType.ToString(),
    };
}
