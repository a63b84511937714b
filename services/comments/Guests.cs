using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Comments;

/// <summary>
/// What is kept of a guest, and what he holds. An e-mail address is stored sealed (only moderators see it) beside a keyed hash (by which one guest's comments
/// are told from another's). Without the service's secret neither can be read or guessed from the store.
/// </summary>
public sealed class Guests(PlatformSettings settings)
{
    private readonly byte[] _seal = settings.Key("comments:address"), _author = settings.Key("comments:author"), _repeat = settings.Key("comments:repeat"), _token = settings.Key("comments:edit-token");

    public byte[] Seal(string email) => SecretBox.Seal(Encoding.UTF8.GetBytes(email), _seal);

    public string Reveal(byte[] email) => Encoding.UTF8.GetString(SecretBox.Open(email, _seal));

    /// <summary>The same for every spelling of one address.</summary>
    public byte[] Author(string email) => HMACSHA256.HashData(_author, Encoding.UTF8.GetBytes(EmailAddress.Normalise(email)));

    /// <summary>Names the guest with this hash of his address (see <see cref="People.Guest"/>).</summary>
    public Guid Id(byte[] author) => HashedId.Of(author, 0);

    /// <summary>The same for every spelling of one text by one author in one thread.</summary>
    /// <param name="author">A guest's hash, or a member of staff's id.</param>
    public byte[] RepeatKey(Guid articleId, ReadOnlySpan<byte> author, string body) =>
        HMACSHA256.HashData(_repeat, (byte[])[.. articleId.ToByteArray(), .. author, .. Encoding.UTF8.GetBytes(Normaliser.Fold(body))]);

    /// <summary>
    /// What lets its author change a comment: 32 bytes in base64url, derived from the comment's id. So it need not be stored,
    /// and a request that is run again after a crash gives the same one.
    /// </summary>
    public string EditToken(Guid commentId) => Base64Url.EncodeToString(HMACSHA256.HashData(_token, commentId.ToByteArray()));

    public bool IsEditToken(Guid commentId, string? token) =>
        token is { Length: > 0 and < 200 } && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(EditToken(commentId)));
}
