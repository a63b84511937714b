using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Platform.Comments.People;
using Platform.Comments.Privacy;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Comments;

/// <summary>
/// What is kept of a guest, and what he holds. An e-mail address is stored sealed (only moderators see it) beside a keyed hash (by which one guest's comments
/// are told from another's), both under a key that can be changed (see <see cref="AddressKeys"/>). Without the keys neither can be read or guessed from the store.
/// </summary>
public sealed class Guests(PlatformSettings settings, AddressKeys keys)
{
    private readonly byte[] _staffRepeat = settings.Key("comments:repeat"), _token = settings.Key("comments:edit-token");

    /// <summary>Id of the key under which addresses are written.</summary>
    public string Key => keys.Newest.Id;

    /// <summary>Under the newest key.</summary>
    public byte[] Seal(string email) => SecretBox.Seal(Encoding.UTF8.GetBytes(email), keys.Newest.Seal);

    /// <returns>Null where there is no address, or it is sealed under a key that is not set.</returns>
    public string? Reveal(IHoldsAddress holder)
    {
        if (holder.Email is not { } box) return null;
        if (holder.AddressKey is { Length: > 0 } id) return keys.Find(id) is { } key ? Open(box, key) : null;
        // From before keys had ids: only the right one opens it.
        return keys.All.Select(k => Open(box, k)).FirstOrDefault(email => email is not null);
    }

    /// <summary>The hash under the newest key; the same for every spelling of one address.</summary>
    public byte[] Author(string email) => Author(email, keys.Newest);

    /// <summary>All hashes that the guest may be found by, one for each key, the newest first.</summary>
    public IReadOnlyList<byte[]> Authors(string email) => [.. keys.All.Select(k => Author(email, k))];

    /// <summary>All hashes of the guest whose address this holds; only its own where it cannot be opened.</summary>
    public IReadOnlyList<byte[]> Authors(IHoldsAddress holder) => holder switch
    {
        { Author: null } => [],
        _ when keys.All.Count == 1 && holder.AddressKey == Key => [holder.Author],
        _ => Reveal(holder) is { } email ? Authors(email) : [holder.Author],
    };

    /// <summary>Names the guest with this hash of his address where he is met first (see <see cref="Guest"/>).</summary>
    public Guid Id(byte[] author) => HashedId.Of(author, 0);

    /// <summary>The same for every spelling of one text by one guest in one thread, under the newest key.</summary>
    public byte[] RepeatKey(Guid articleId, string email, string body) => RepeatKey(articleId, email, body, keys.Newest);

    /// <summary>What <see cref="RepeatKey(Guid, string, string)"/> would have been under the older keys.</summary>
    public IReadOnlyList<byte[]> OlderRepeatKeys(Guid articleId, string email, string body) => [.. keys.Older.Select(k => RepeatKey(articleId, email, body, k))];

    /// <summary>As above for a comment; none, and nothing is opened, where there are no older keys.</summary>
    public IReadOnlyList<byte[]> OlderRepeatKeys(Comment comment) => keys.Older.Any() && Reveal(comment) is { } email ? OlderRepeatKeys(comment.ArticleId, email, comment.Body) : [];

    /// <summary>As for guests, of a member of staff.</summary>
    public byte[] RepeatKey(Guid articleId, Guid staff, string body) => Repeat(_staffRepeat, articleId, staff.ToByteArray(), body);

    /// <summary>A comment with its address under the newest key.</summary>
    /// <returns>The same where it is already, or there is none; null where it cannot be opened.</returns>
    public Comment? Renew(Comment comment)
    {
        if (comment.Email is null || comment.AddressKey == Key) return comment;
        if (Reveal(comment) is not { } email) return null;
        return comment with
        {
            Email = Seal(email),
            Author = Author(email),
            AddressKey = Key,
            // What was imported may be said twice: its key is its id.
            RepeatKey = comment.RepeatKey.AsSpan().SequenceEqual(comment.Id.ToByteArray()) ? comment.RepeatKey : RepeatKey(comment.ArticleId, email, comment.Body),
        };
    }

    /// <inheritdoc cref="Renew(Comment)"/>
    public Guest? Renew(Guest guest) => guest.Email is null || guest.AddressKey == Key ? guest
        : Reveal(guest) is { } email ? guest with { Email = Seal(email), Author = Author(email), AddressKey = Key } : null;

    /// <inheritdoc cref="Renew(Comment)"/>
    public Moderation.Ban? Renew(Moderation.Ban ban) => ban.Email is null || ban.AddressKey == Key ? ban
        : Reveal(ban) is { } email ? ban with { Email = Seal(email), Author = Author(email), AddressKey = Key } : null;

    /// <summary>
    /// What lets its author change a comment: 32 bytes in base64url, derived from the comment's id. So it need not be stored,
    /// and a request that is run again after a crash gives the same one.
    /// </summary>
    public string EditToken(Guid commentId) => Base64Url.EncodeToString(HMACSHA256.HashData(_token, commentId.ToByteArray()));

    public bool IsEditToken(Guid commentId, string? token) =>
        token is { Length: > 0 and < 200 } && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(EditToken(commentId)));

    private static string? Open(byte[] box, AddressKey key)
    {
        try { return Encoding.UTF8.GetString(SecretBox.Open(box, key.Seal)); }
        catch (CryptographicException) { return null; }
    }

    private static byte[] Author(string email, AddressKey key) => HMACSHA256.HashData(key.Author, Encoding.UTF8.GetBytes(EmailAddress.Normalise(email)));

    private static byte[] RepeatKey(Guid articleId, string email, string body, AddressKey key) => Repeat(key.Repeat, articleId, Author(email, key), body);

    private static byte[] Repeat(byte[] key, Guid articleId, ReadOnlySpan<byte> author, string body) =>
        HMACSHA256.HashData(key, (byte[])[.. articleId.ToByteArray(), .. author, .. Encoding.UTF8.GetBytes(Normaliser.Fold(body))]);
}
