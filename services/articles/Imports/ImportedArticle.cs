using System.Security.Cryptography;
using System.Text;
using Platform.Articles.Body;
using Platform.Articles.Imports.WordPress;
using Platform.Articles.Imports.Wxr;
using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>Where an article was imported from.</summary>
/// <param name="Key">Site and post, such as <c>news.example/123</c>: no two articles have one in common, by a unique index.</param>
/// <param name="Hash">Of what the file said; the same again changes nothing.</param>
/// <param name="Version">The article's version that the import wrote; a higher one is the newsroom's work, which no import overwrites.</param>
/// <param name="By">The import that wrote it.</param>
/// <param name="Created">Whether that one made it, so that an import that goes on after a crash counts what it did before.</param>
public sealed record ImportOrigin(string Key, string Hash, long Version, Guid By, bool Created);

/// <summary>What an item of an export becomes. Pure.</summary>
/// <param name="Content">Checked and sanitised like an editor's.</param>
/// <param name="Slug">May be empty.</param>
/// <param name="Notes">What an editor should know of it.</param>
public sealed record ImportedArticle(string Key, string Hash, ArticleContent Content, string Slug, ArticleStatus Status, DateTimeOffset At, DateTimeOffset ChangedAt, IReadOnlyList<string> Permalinks, IReadOnlyList<string> Notes)
{
    private const int MaxSummary = 1000, MaxTag = 80, MaxTags = 50, MaxCategories = 20;

    /// <param name="shelf">What the site's categories and authors are called here.</param>
    /// <param name="pictures">Those whose files were given; others are left out.</param>
    /// <exception cref="WxrException">It cannot become an article; the message says why.</exception>
    /// <exception cref="Problem">400: the same, found by the checks that an editor's input goes through.</exception>
    public static ImportedArticle From(WxrItem item, ImportShelf shelf, ItemPictures pictures, BodySanitiser sanitiser, DateTimeOffset now)
    {
        var notes = new List<string>();
        if (item.Id.Length == 0) throw new WxrException("It has no post id.");
        var excerpt = WordPressText.Lines(item.Excerpt);
        var title = WordPressText.Line(item.Title);
        var body = WordPressBody.ToHtml(pictures.Rewrite(item.Content));
        if (title.Length == 0 && string.IsNullOrWhiteSpace(item.Content)) throw new WxrException("It has neither title nor content.");
        if (title.Length == 0)
        {
            title = WordPressText.Cut(WordPressText.Line(body), 80);
            notes.Add("It had no title: its first words stand for one.");
        }
        if (excerpt.Length > MaxSummary) notes.Add("Its excerpt was longer than 1,000 characters and was cut.");
        var tags = item.Tags.Select(t => WordPressText.Line(t.Name)).Where(t => t.Length is > 0 and <= MaxTag).Distinct().ToArray();
        if (tags.Length > MaxTags) notes.Add($"Of its tags {MaxTags} were taken.");
        var input = new ArticleInput(shelf.Language, title, WordPressText.Cut(excerpt, MaxSummary), Body: body, Tags: [.. tags.Take(MaxTags)],
            Categories: [.. item.Categories.Select(shelf.Category).OfType<string>().Distinct().Take(MaxCategories)], Authors: shelf.Author(item.Creator) is { } author ? [author] : [],
            CommentsOpen: item.CommentStatus != "closed");
        var content = Check(input, title, excerpt, pictures.Body, sanitiser, notes);
        if (pictures.Lead is { } lead) content = content with { LeadImage = LeadImage.From(new LeadImageInput(lead.Id), lead) };
        if (pictures.Missing > 0) notes.Add($"Of its pictures {pictures.Missing} were left out: their files were not given.");
        var (status, at) = Place(item, now, notes);
        var name = item.Name.Length > 0 ? WordPressText.Slug(item.Name) : "";
        return new(shelf.KeyOf(item), HashOf(item, shelf, pictures), content, name.Length > 0 ? name : Text.Slug.From(title), status, at, WordPressText.Time(item.ModifiedGmt) is { } changed && changed > at && changed <= now ? changed : at,
            Imports.Permalinks.Of(item.Link, item.Id, [item.Name, .. item.OldNames], WordPressText.Time(item.Date) ?? at), notes);
    }

    /// <summary>A new article of it.</summary>
    public Article Create(Guid import, CurrentUser user, DateTimeOffset now)
    {
        var id = HashedId.Of(Encoding.UTF8.GetBytes("article:" + Key), At.ToUnixTimeMilliseconds());
        var slug = Slug.Length > 0 ? Slug : id.ToString("N")[^12..];
        return InPlace(Article.Draft(id, Content, slug, user, At) with { UpdatedAt = ChangedAt, Permalinks = Permalinks, Import = new(Key, Hash, 1, import, Created: true) }, now);
    }

    /// <summary>The next version of what was imported before. Its slug stays; so does what is public, whatever the file says by now.</summary>
    public Article Update(Article before, Guid import, CurrentUser user, DateTimeOffset now)
    {
        var next = before with
        {
            Version = before.Version + 1,
            Content = Content,
            UpdatedAt = now,
            UpdatedBy = user.Id,
            UpdatedByName = user.Name,
            Action = before.Status != ArticleStatus.Published && Status == ArticleStatus.Published ? RevisionAction.Published : RevisionAction.Edited,
            RestoredFrom = null,
            Permalinks = [.. before.Permalinks.Union(Permalinks)],
            Import = new(Key, Hash, before.Version + 1, import, Created: before.Import is { } origin && origin.By == import && origin.Created),
        };
        return before.Status == ArticleStatus.Published ? next with { PublishedAt = Status == ArticleStatus.Published ? At : before.PublishedAt } : InPlace(next, now);
    }

    private Article InPlace(Article article, DateTimeOffset now) => Status switch
    {
        ArticleStatus.Published => article with { Status = ArticleStatus.Published, PublishAt = null, PublishedAt = At, Edition = article.Edition + 1 },
        ArticleStatus.Scheduled when At > now => article with { Status = ArticleStatus.Scheduled, PublishAt = At },
        _ => article with { Status = ArticleStatus.Draft, PublishAt = null },
    };

    /// <summary>A text is required; where there is none but a picture or a player, the excerpt or the title stands for it.</summary>
    private static ArticleContent Check(ArticleInput input, string title, string excerpt, BodyPictures pictures, BodySanitiser sanitiser, List<string> notes)
    {
        try
        {
            return input.Check(sanitiser, pictures).Content;
        }
        catch (Problem e) when (e.Errors is { Count: 1 } errors && errors.TryGetValue("body", out var said) && said is ["Required: text, in HTML."])
        {
            notes.Add("It has no text: its excerpt or title stands for one.");
            return (input with { Body = $"<p>{System.Net.WebUtility.HtmlEncode(excerpt.Length > 0 ? excerpt : title)}</p>" }).Check(sanitiser, pictures).Content;
        }
    }

    private static (ArticleStatus, DateTimeOffset) Place(WxrItem item, DateTimeOffset now, List<string> notes)
    {
        var time = WordPressText.Time(item.DateGmt) ?? WordPressText.Time(item.Date);
        switch (item.Status)
        {
            case "publish" or "future" when item.Password.Length > 0:
                notes.Add("It was protected by a password: it is a draft here.");
                return (ArticleStatus.Draft, time ?? now);
            case "publish" or "future":
                var at = time ?? throw new WxrException("It is published, but has no date.");
                if (at > now.AddYears(Article.MaxYearsAhead)) throw new WxrException($"It would be published more than {Article.MaxYearsAhead} years ahead.");
                return (at > now ? ArticleStatus.Scheduled : ArticleStatus.Published, at);
            case "draft" or "pending" or "private" or "auto-draft" or "":
                if (item.Status == "private") notes.Add("It was private: it is a draft here.");
                return (ArticleStatus.Draft, time is { } past && past < now ? past : now);
            default:
                throw new WxrException($"Its status is unknown: {WordPressText.Cut(item.Status, 40)}");
        }
    }

    private static string HashOf(WxrItem item, ImportShelf shelf, ItemPictures pictures) => Sha256([
        item.Title, item.Link, item.Creator, shelf.Author(item.Creator) ?? "", item.Content, item.Excerpt, item.Name, item.Status, item.Password, item.CommentStatus, item.Date, item.DateGmt, item.Thumbnail,
        .. item.Categories.Select(c => "c:" + c.Nicename), .. item.Tags.Select(t => "t:" + t.Name), .. item.OldNames.Select(n => "n:" + n), .. pictures.Ids.Select(id => "p:" + id)]);

    private static string Sha256(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
