using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>Anyone reads the authors; editors keep them.</summary>
public static class ManageAuthors
{
    /// <param name="Slug">For ever: lower-case letters of any script, digits, single hyphens; at most 100 characters.</param>
    /// <param name="Names">By language, of 80 characters at most; at least one.</param>
    /// <param name="Bio">At most 1,000 characters.</param>
    public sealed record AuthorInput(string? Slug = null, Dictionary<string, string>? Names = null, string? Bio = null);

    public sealed record AuthorView(string Slug, IReadOnlyDictionary<string, string> Names, string? Bio);

    /// <summary>A page of the authors, by slug.</summary>
    public static async Task<Page<AuthorView>> List(PageRequest page, HttpResponse response, CurrentUser user, AuthorStore store, Cursors cursors, CancellationToken ct)
    {
        var found = await store.List(page.Cursor is [var after] ? after : null, page.Limit + 1, ct);
        response.ForReaders(user, found.Take(page.Limit).Select(a => CacheTags.Author(a.Slug)).Prepend(CacheTags.Articles));
        return page.Cut(found, cursors, a => [a.Slug], View);
    }

    /// <summary>An author.</summary>
    /// <returns>200; 304; 404.</returns>
    public static async Task<Versioned<AuthorView>> Get(string slug, HttpResponse response, CurrentUser user, AuthorStore store, CancellationToken ct)
    {
        var author = await store.Get(slug, ct);
        response.ForReaders(user, CacheTags.Author(slug));
        return new(View(author), author.Version);
    }

    /// <summary>Makes an author.</summary>
    /// <returns>201 with Location and ETag; 400; 409 <c>author.slugTaken</c>; 422 <c>author.unknownLanguage</c>.</returns>
    public static async Task<Versioned<AuthorView>> Create(AuthorInput request, NewId id, AuthorStore store, PlatformSettings settings, CancellationToken ct)
    {
        var (slug, names, bio) = Check(request, settings);
        var made = await store.Insert(new Author(id.Value, 1, slug, names, bio), ct);
        return new(View(made), made.Version, StatusCodes.Status201Created, settings.Public("/api/authors/" + made.Slug));
    }

    /// <summary>Changes an author's names or bio.</summary>
    /// <returns>200; 400; 404; 412 stale; 422 <c>author.slugFixed</c>, <c>author.unknownLanguage</c>.</returns>
    public static async Task<Versioned<AuthorView>> Change(string slug, AuthorInput request, IfMatch expected, AuthorStore store, PlatformSettings settings, CancellationToken ct)
    {
        var author = await store.Get(slug, ct);
        expected.Check(author.Version, "author");
        var (given, names, bio) = Check(request, settings);
        if (given != slug) throw Problem.Rule("author.slugFixed", "An author keeps the slug: addresses and subscriptions name it.");
        var changed = await store.Save(author with { Version = author.Version + 1, Names = names, Bio = bio }, ct);
        return new(View(changed), changed.Version);
    }

    /// <summary>Deletes an author who has no articles. If-Match is honoured where it is sent.</summary>
    /// <returns>204; 404; 409 <c>author.inUse</c>; 412 stale.</returns>
    public static async Task<IResult> Delete(string slug, HttpContext http, AuthorStore store, ArticleStore articles, CancellationToken ct)
    {
        var author = await store.Get(slug, ct);
        IfMatch.Optional(http).Check(author.Version, "author");
        if (await articles.UsesAuthor(slug, ct)) throw Problem.Conflict("author.inUse", "Articles are by this author.");
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
