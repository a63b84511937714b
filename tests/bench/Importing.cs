using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>A WordPress export goes through the gateway; how fast its posts become articles, and what memory that takes.</summary>
public sealed class Importing(Target platform, Options options)
{
    private const int CommentsEach = 2;

    public async Task Run()
    {
        var path = Target.Folder("bench-import.xml");
        var posts = options.Posts;
        Write(path, posts);
        try
        {
            Table.Say($"importing {posts:N0} posts ({new FileInfo(path).Length / 1e6:N0} MB)");
            var before = Machine.Resident(Target.PidOf("articles"));
            var watch = Stopwatch.StartNew();
            var id = await Upload(path);
            var uploaded = watch.Elapsed.TotalSeconds;
            var (import, articles, highest) = await Over(id, watch);
            var seconds = watch.Elapsed.TotalSeconds;
            Table.Print("import", ["", ""],
            [
                ["posts", $"{posts:N0}", ""], ["file MB", $"{new FileInfo(path).Length / 1e6:N0}", ""], ["uploaded in s", $"{uploaded:N1}", ""], ["articles there after s", $"{articles:N1}", ""], ["comments handed over after s", $"{seconds:N1}", ""],
                ["created", $"{import.GetProperty("created").GetInt64():N0}", ""], ["failed", $"{import.GetProperty("failed").GetArrayLength():N0}", ""],
                ["posts/s", $"{posts / (articles - uploaded):N0}", "without the upload"], ["posts/s, all in all", $"{posts / seconds:N0}", "with comments"],
                ["resident MB before", $"{before.Now:N0}", ""], ["resident MB, highest", $"{highest:N0}", "of Articles, while importing"],
            ]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes an export of so many posts, which is always the same.</summary>
    public static void Write(string path, int posts)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
        WxrGenerator.Generate(posts, CommentsEach).Write(file);
    }

    private async Task<string> Upload(string path)
    {
        await using var file = File.OpenRead(path);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/imports") { Content = new StreamContent(file, 1 << 16) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        var answer = await platform.Editor.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.Accepted ? (await Target.Json(answer)).GetProperty("id").GetString()! : throw new HttpRequestException($"The import was refused: {answer.StatusCode}");
    }

    /// <returns>The import; when its articles were there; and the highest memory that was seen.</returns>
    private async Task<(JsonElement Import, double Articles, double Highest)> Over(string id, Stopwatch watch)
    {
        var (articles, highest, told) = (0.0, 0.0, Stopwatch.GetTimestamp());
        while (true)
        {
            var import = await platform.Get("/api/imports/" + id);
            highest = Math.Max(highest, Machine.Resident(Target.PidOf("articles")).Now);
            var phase = import.GetProperty("phase").GetString();
            if (articles == 0 && phase is "comments" or "done") articles = watch.Elapsed.TotalSeconds;
            if (phase is "done" or "failed") return (import, articles, highest);
            if (Stopwatch.GetElapsedTime(told) > TimeSpan.FromSeconds(5))
            {
                told = Stopwatch.GetTimestamp();
                Table.Say($"  {phase}: {import.GetProperty("done")} of {import.GetProperty("total")}, {import.GetProperty("etaSeconds")} s remaining");
            }
            await Task.Delay(200);
        }
    }
}
