using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>What somebody may want of an article.</summary>
public enum ArticleAction
{
    Read,
    ReadRevisions,
    ReadLog,
    Edit,
    Submit,
    Return,
    Publish,
    Schedule,
    Correct,
    Withdraw,
    Delete,
    Restore,
}

/// <summary>Whose hands an article is in, as far as a caller is concerned.</summary>
public enum Hands
{
    /// <summary>A reader, a moderator, another writer: sees what is published, and nothing else of it.</summary>
    Others,

    /// <summary>The writer who made it.</summary>
    Writer,

    /// <summary>An editor or admin.</summary>
    Editor,
}

/// <summary>Answers of the table to "may I?".</summary>
public enum Verdict
{
    Yes,

    /// <summary>403: the caller may see the article, but not do this.</summary>
    TooFewRights,

    /// <summary>422 <c>article.wrongStatus</c>: the caller may do this, but not from here.</summary>
    WrongStatus,

    /// <summary>404: the caller may not know that it is there.</summary>
    Unknown,

    /// <summary>410: readers knew it, and may know that it is gone.</summary>
    Gone,
}

/// <summary>Who may do what with an article, and from which status: one table, which everything asks.</summary>
public static class Workflow
{
    /// <summary>For each action what its writer, and what an editor may from draft, inReview, scheduled, published, withdrawn: + yes, - wrong status, x too few rights.</summary>
    private static readonly (ArticleAction Action, string Writer, string Editor, string Otherwise)[] Table =
    [
        (ArticleAction.Read,          "+++++", "+++++", ""),
        (ArticleAction.ReadRevisions, "+++++", "+++++", ""),
        (ArticleAction.ReadLog,       "xxxxx", "+++++", ""),
        (ArticleAction.Edit,          "+xxxx", "++++-", "A withdrawn article stays as it is."),
        (ArticleAction.Submit,        "+----", "+----", "Only a draft can be submitted."),
        (ArticleAction.Return,        "xxxxx", "-++--", "Only what is in review or scheduled can be returned."),
        (ArticleAction.Publish,       "xxxxx", "+++--", "It is published already, or withdrawn."),
        (ArticleAction.Schedule,      "xxxxx", "+++--", "It is published already, or withdrawn."),
        (ArticleAction.Correct,       "xxxxx", "---+-", "Only a published article can be corrected."),
        (ArticleAction.Withdraw,      "xxxxx", "---+-", "Only a published article can be withdrawn."),
        (ArticleAction.Delete,        "xxxxx", "+++--", "What was published is withdrawn, not deleted."),
        (ArticleAction.Restore,       "xxxxx", "++++-", "A withdrawn article stays as it is."),
    ];

    public static Hands HandsOf(CurrentUser user, Article article) => user.IsEditor ? Hands.Editor : user.IsWriter && user.Id == article.CreatedBy ? Hands.Writer : Hands.Others;

    public static Verdict Judge(Hands hands, ArticleStatus status, ArticleAction action)
    {
        var (_, writer, editor, _) = Table[(int)action];
        return hands switch
        {
            Hands.Others when status == ArticleStatus.Published => action == ArticleAction.Read ? Verdict.Yes : Verdict.TooFewRights,
            Hands.Others => status == ArticleStatus.Withdrawn ? Verdict.Gone : Verdict.Unknown,
            _ => (hands == Hands.Writer ? writer : editor)[(int)status] switch { '+' => Verdict.Yes, '-' => Verdict.WrongStatus, _ => Verdict.TooFewRights },
        };
    }

    /// <summary>Lets the caller do it, or says why not.</summary>
    /// <exception cref="Problem">403 <c>article.notYours</c>; 404 <c>article.notFound</c>; 410 <c>article.withdrawn</c>; 422 <c>article.wrongStatus</c>.</exception>
    public static void Demand(Article article, ArticleAction action, CurrentUser user)
    {
        DemandRights(article, action, user);
        if (Judge(HandsOf(user, article), article.Status, action) == Verdict.WrongStatus) throw Problem.Rule("article.wrongStatus", Table[(int)action].Otherwise);
    }

    /// <summary>As <see cref="Demand"/>, but any status will do: who may is said before what is wrong.</summary>
    public static void DemandRights(Article article, ArticleAction action, CurrentUser user)
    {
        switch (Judge(HandsOf(user, article), article.Status, action))
        {
            case Verdict.Unknown: throw Problem.NotFound("article");
            case Verdict.Gone: throw Problem.Gone("article.withdrawn", "The article was withdrawn.");
            case Verdict.TooFewRights: throw Problem.Forbidden("article.notYours", "Writers edit and submit their own drafts; ask an editor.");
            default: return;
        }
    }
}
