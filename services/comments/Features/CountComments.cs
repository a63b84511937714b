using Platform.Comments.Counting;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Lists of articles show how many comments each has.</summary>
public static class CountComments
{
    /// <param name="Counts">By article id; 0 where there are none, or no such article.</param>
    public sealed record CommentCounts(IReadOnlyDictionary<Guid, long> Counts);

    /// <summary>How many comments readers see of each article.</summary>
    /// <param name="ids">1 to 100 article ids, with commas between them.</param>
    public static async Task<CommentCounts> Handle(string? ids, HttpResponse response, ThreadStore threads, ThreadCounter counter, CancellationToken ct)
    {
        var asked = (ids ?? "").Split(',').Select(i => Guid.TryParseExact(i, "D", out var id) ? id : throw Problem.Invalid("ids", "Article ids with commas between them.")).Distinct().ToArray();
        if (asked.Length > 100) throw Problem.Invalid("ids", "At most 100.");
        foreach (var id in asked) await counter.Settle(id);
        var counts = (await threads.FindMany(asked, ct)).Where(t => t.IsVisible).ToDictionary(t => t.Id, t => t.Count);
        response.Tagged(asked.Select(CacheTags.Article));
        return new(asked.ToDictionary(id => id, id => counts.GetValueOrDefault(id)));
    }
}
