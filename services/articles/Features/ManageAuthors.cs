using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>Anyone reads the authors; editors keep them.</summary>
public static class ManageAuthors
{
    /// <param name="Slug">Lower-case letters of any script, digits, single hyphens; at most 100 characters. Another one than before renames the author: the one before leads there for ever.</param>
    /// <param name="Names">By language, of 80 characters at most; at least one.</param>
    /// <param name="Bio">At most 1,000 characters.</param>
    public sealed record AuthorInput(string? Slug = null, Dictionary<string, string>? Names = null, string? Bio = null);

    /// <param name="Into">Slug of the author whom this one is.</param>
    public sealed record MergeAuthorRequest(string? Into = null);

    public sealed record AuthorView(string Slug, IReadOnlyDictionary<string, string> Names, string? Bio);

    /// <summary>A page of the authors, by slug.</summary>
    public static async Task<Page<AuthorView>> List(PageRequest page, HttpResponse response, CurrentUser user, AuthorStore store, Cursors cursors, CancellationToken ct)
    {
        var found = await store.List(page.Cursor is [var after] ? after : null, page.Limit + 1, ct);
        response.ForReaders(user, found.Take(page.Limit).Select(a => CacheTags.Author(a.Slug)).Prepend(CacheTags.Categories));
        return page.Cut(found, cursors, a => [a.Slug], View);
    }

    /// <summary>An author.</summary>
    /// <returns>200; 301 where the author has another slug by now, or the slug is spelt otherwise; 304; 404.</returns>
    public static async Task<IResult> Get(string slug, HttpResponse response, CurrentUser user, AuthorStore store, PlatformSettings settings, CancellationToken ct)
    {
        string[] spellings = [slug, Text.Slug.From(slug)];
        var found = await store.Find(spellings, ct);
        var author = spellings.Select(found.GetValueOrDefault).FirstOrDefault(a => a is not null) ?? throw Problem.NotFound("author");
        if (author.Slug != slug) return response.Moved(settings, "/api/authors/" + author.Slug);
        response.ForReaders(user, CacheTags.Author(slug));
        return new Versioned<AuthorView>(View(author), author.Version);
    }

    /// <summary>Makes an author.</summary>
    /// <returns>201 with Location and ETag; 400; 409 <c>author.slugTaken</c>; 422 <c>author.unknownLanguage</c>.</returns>
    public static async Task<Versioned<AuthorView>> Create(AuthorInput request, NewId id, AuthorStore store, PlatformSettings settings, CancellationToken ct)
    {
        var (slug, names, bio) = Check(request, settings);
        var made = await store.Insert(new Author(id.Value, 1, slug, names, bio), ct);
        return new(View(made), made.Version, StatusCodes.Status201Created, settings.Public("/api/authors/" + made.Slug));
    }

    /// <summary>Changes an author's names, bio or slug. The slug before leads to the author for ever.</summary>
    /// <returns>200; 400; 404; 409 <c>author.slugTaken</c>, now or by a former one; 412 stale; 422 <c>author.unknownLanguage</c>.</returns>
    public static async Task<Versioned<AuthorView>> Change(string slug, AuthorInput request, IfMatch expected, AuthorStore store, PlatformSettings settings, CancellationToken ct)
    {
        var author = await store.Get(slug, ct);
        expected.Check(author.Version, "author");
        var (given, names, bio) = Check(request, settings);
        // A slug of one who was merged into this author lies in that one's document: it leads here, and cannot be the current one.
        if (author.Merged.Contains(given)) throw AuthorStore.SlugTaken();
        var changed = await store.Save(author.Change(given, names, bio), ct);
        return new(View(changed), changed.Version);
    }

    /// <summary>Makes one author of two: the slugs of the one who goes lead to the other for ever, the articles show under the other at once. If-Match, of the one who goes, is honoured where it is sent.</summary>
    /// <returns>200 with the other one, also where that has happened already; 400; 404; 412 stale; 422 <c>author.unknownTarget</c>, <c>author.mergeIntoItself</c>, <c>author.tooManyMerges</c>.</returns>
    public static async Task<Versioned<AuthorView>> Merge(string slug, MergeAuthorRequest request, HttpContext http, AuthorStore store, CancellationToken ct)
    {
        var expected = IfMatch.Optional(http);
        var gone = await store.Get(slug, ct);
        var errors = new FieldErrors();
        var to = errors.Text(request.Into, Text.Slug.MaxLength, "into");
        errors.ThrowIfAny();
        var into = (await store.Find([to], ct)).GetValueOrDefault(to) ?? throw Problem.Rule("author.unknownTarget", "There is no such author to merge into.");
        if (gone.Id == into.Id && slug == into.Slug) throw Problem.Rule("author.mergeIntoItself", "An author cannot be merged into the same one.");
        if (gone.Id != into.Id)
        {
            expected.Check(gone.Version, "author");
            into = await store.Merge(gone, into, ct);
        }
        return new(View(into), into.Version);
    }

    /// <summary>Deletes an author who has no articles by any slug. If-Match is honoured where it is sent.</summary>
    /// <returns>204; 404, also by a former slug; 409 <c>author.inUse</c>; 412 stale.</returns>
    public static async Task<IResult> Delete(string slug, HttpContext http, AuthorStore store, ArticleStore articles, CancellationToken ct)
    {
        var author = await store.Get(slug, ct);
        if (author.Slug != slug) throw Problem.NotFound("author");
        IfMatch.Optional(http).Check(author.Version, "author");
        if (await articles.UsesAuthor(author.AllSlugs(), ct)) throw Problem.Conflict("author.inUse", "Articles are by this author.");
        await store.Delete(author, ct);
        return TypedResults.NoContent();
    }

    private static AuthorView View(Author author) => new(author.Slug, author.Names, author.Bio);

    private static (string Slug, Dictionary<string, string> Names, string? Bio) Check(AuthorInput request, PlatformSettings settings)
    {
        var errors = new FieldErrors();
        var slug = Checks.Slug(errors, request.Slug);
        var names = Checks.Names(errors, request.Names);
        var bio = errors.OptionalText(request.Bio, 1000);
        errors.ThrowIfAny();
        Checks.Languages(names, settings, "author");
        return (slug, names, bio);
    }
}
