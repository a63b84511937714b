namespace Platform.Articles.Imports.Wxr;

/// <summary>A name that an item carries: a category or a tag.</summary>
/// <param name="Nicename">Its slug, percent-encoded as WordPress has it.</param>
public sealed record WxrTerm(string Nicename, string Name);

/// <summary>An item as it stands in the file, texts as they are; what is absent is empty. Without its comments.</summary>
public sealed record WxrItem
{
    public string Id { get; set; } = "";

    /// <summary><c>post</c>, <c>page</c>, <c>attachment</c>, …</summary>
    public string Type { get; set; } = "";

    /// <summary><c>publish</c>, <c>future</c>, <c>draft</c>, <c>pending</c>, <c>private</c>, <c>trash</c>, …</summary>
    public string Status { get; set; } = "";
    public string Title { get; set; } = "";
    public string Link { get; set; } = "";

    /// <summary>The author's login.</summary>
    public string Creator { get; set; } = "";
    public string Content { get; set; } = "";
    public string Excerpt { get; set; } = "";

    /// <summary>The slug, percent-encoded.</summary>
    public string Name { get; set; } = "";
    public string Password { get; set; } = "";
    public string CommentStatus { get; set; } = "";
    public string PubDate { get; set; } = "";
    public string Date { get; set; } = "";
    public string DateGmt { get; set; } = "";
    public string ModifiedGmt { get; set; } = "";
    public string AttachmentUrl { get; set; } = "";
    public List<WxrTerm> Categories { get; } = [];
    public List<WxrTerm> Tags { get; } = [];

    /// <summary>Slugs that WordPress itself still redirects from.</summary>
    public List<string> OldNames { get; } = [];

    /// <summary>Id of the attachment that is its lead image.</summary>
    public string Thumbnail { get; set; } = "";

    /// <summary>Of an attachment: its alternative text.</summary>
    public string Alt { get; set; } = "";
}

/// <summary>A reader's comment as it stands in the file.</summary>
/// <param name="Parent">Id of the comment that it answers; <c>0</c> or empty at the top.</param>
/// <param name="Approved"><c>1</c>, <c>0</c>, <c>spam</c>, <c>trash</c>, …</param>
/// <param name="Type">Empty or <c>comment</c>; <c>pingback</c> and others are none.</param>
/// <param name="Content">HTML, cut where it is very long.</param>
public sealed record WxrComment(string Id, string Parent, string Author, string Email, string Date, string DateGmt, string Content, string Approved, string Type);

/// <summary>A category as the head lists it.</summary>
/// <param name="Parent">The parent's nicename, or empty.</param>
public sealed record WxrCategory(string Nicename, string Parent, string Name);

/// <summary>What stands before the items.</summary>
/// <param name="Site">Address of the site that was exported.</param>
/// <param name="Language">As RSS has it, such as <c>ar</c> or <c>en-US</c>.</param>
/// <param name="Authors">Display names by login.</param>
public sealed record WxrHead(string Site, string Language, IReadOnlyDictionary<string, string> Authors, IReadOnlyList<WxrCategory> Categories);
