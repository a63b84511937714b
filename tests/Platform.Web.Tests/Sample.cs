namespace Platform.Web.Tests;

/// <summary>Documents as the public contract shows them, with every member that it names.</summary>
public static class Sample
{
    public static readonly Guid ArticleId = Guid.Parse("0190a000-0000-7000-8000-000000000001");

    public static readonly object[] Categories =
    [
        Category("politics", "سياسة", "Politics"),
        Category("economy", "اقتصاد", "Economy"),
        Category("markets", "أسواق", "Markets", parent: "economy"),
    ];

    public static object Category(string slug, string ar, string en, string? parent = null) =>
        new { id = Guid.CreateVersion7(), version = 1, slug, names = new Dictionary<string, string> { ["ar"] = ar, ["en"] = en }, parent, position = 0 };

    public static object Article(
        string title = "البرلمان يقرّ الموازنة", string slug = "البرلمان-يقر-الموازنة", Guid? id = null, string language = "ar", string? kicker = "تقرير", string? summary = "بعد نقاش طويل.",
        string body = "<p>قال المتحدث: «المباحثات مستمرة».</p><blockquote><p>لن نتراجع</p></blockquote>", bool breaking = false, bool commentsOpen = true, object? leadImage = null,
        object[]? corrections = null, object[]? translations = null, object[]? categories = null, string[]? tags = null, object[]? authors = null, string publishedAt = "2026-11-23T14:05:00.000Z", string? updatedAt = null) =>
        new
        {
            id = id ?? ArticleId,
            version = 3,
            status = "published",
            language,
            direction = language == "ar" ? "rtl" : "ltr",
            kicker,
            title,
            summary,
            dateline = new { place = "بغداد", source = "وكالة" },
            body,
            text = "…",
            slug,
            url = "http://localhost:8080/articles/x",
            categories = categories ?? [new { slug = "politics", name = "سياسة" }, new { slug = "economy", name = "اقتصاد" }],
            tags = tags ?? ["الموازنة"],
            authors = authors ?? [new { slug = "sara", name = "سارة الخطيب" }],
            leadImage,
            breaking,
            commentsOpen,
            commentCount = 2,
            publishAt = (string?)null,
            publishedAt,
            updatedAt = updatedAt ?? publishedAt,
            corrections = corrections ?? [],
            translations = translations ?? [],
            createdAt = publishedAt,
            createdBy = Guid.CreateVersion7(),
        };

    public static object Comment(string name = "أبو علي", string body = "تحليل جيد", Guid? id = null, object[]? replies = null, string? moreReplies = null, bool staff = false, string status = "published", Guid? parentId = null, int? replyCount = null) =>
        new { id = id ?? Guid.CreateVersion7(), version = 1, articleId = ArticleId, parentId, name, body, status, createdAt = "2026-11-23T15:00:00.000Z", editedAt = (string?)null, replyCount = replyCount ?? replies?.Length ?? 0, reactions = new { like = 0 }, staff, replies = replies ?? [], moreReplies };

    /// <summary>This many articles with titles and slugs of their own, the newest first.</summary>
    public static IEnumerable<object> Articles(int count) =>
        Enumerable.Range(1, count).Select(i => Article($"خبر {i}", $"خبر-{i}", new Guid(i, 0, 0, new byte[8])));
}
