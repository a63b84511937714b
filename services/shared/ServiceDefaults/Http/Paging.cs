using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults;

/// <summary>One page of a list; <c>next</c> is the cursor of the page after it, or null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary><c>?limit=</c> (1 to 100, default 20) and <c>?cursor=</c> of a list, checked: as a handler's parameter it answers 400 by itself.</summary>
/// <param name="Cursor">What <see cref="Cursors.Encode"/> was given for the page before, or null for the first page.</param>
public sealed record PageRequest(int Limit, IReadOnlyList<string>? Cursor)
{
    public const int Default = 20, Max = 100;

    public static ValueTask<PageRequest> BindAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var limit = Default;
        if (query.TryGetValue("limit", out var text) && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= Max))
            throw Problem.Invalid("limit", $"A whole number from 1 to {Max}.");
        var cursor = query.TryGetValue("cursor", out var given) ? http.RequestServices.GetRequiredService<Cursors>().Decode(given.ToString()) : null;
        return ValueTask.FromResult(new PageRequest(limit, cursor));
    }

    /// <summary>Cuts a list that was read with one item more than the limit, and makes the cursor from the last item kept.</summary>
    public Page<TView> Cut<T, TView>(IReadOnlyList<T> read, Cursors cursors, Func<T, string[]> key, Func<T, TView> view) =>
        new([.. read.Take(Limit).Select(view)], read.Count > Limit ? cursors.Encode(key(read[Limit - 1])) : null);
}

/// <summary>Opaque cursors: the sort key of the last item shown, signed, so that a forged one is a 400 and never a query.</summary>
public sealed class Cursors(PlatformSettings settings)
{
    private const int SignatureLength = 12;
    private readonly byte[] _key = settings.Key("cursors");

    /// <param name="parts">The sort key, and whatever of the list's filters must stay the same; no part holds U+001F.</param>
    public string Encode(params string[] parts)
    {
        var payload = Encoding.UTF8.GetBytes(string.Join('\u001f', parts));
        return Base64Url.EncodeToString([.. Sign(payload), .. payload]);
    }

    /// <exception cref="Problem">400 when this server did not make it.</exception>
    public string[] Decode(string cursor)
    {
        if (cursor.Length is > 0 and <= 1024 && Base64Url.IsValid(cursor))
        {
            var bytes = Base64Url.DecodeFromChars(cursor);
            if (bytes.Length > SignatureLength && CryptographicOperations.FixedTimeEquals(Sign(bytes.AsSpan(SignatureLength)), bytes.AsSpan(0, SignatureLength)))
                return Encoding.UTF8.GetString(bytes.AsSpan(SignatureLength)).Split('\u001f');
        }
        throw Foreign();
    }

    /// <summary>400 for a cursor that is forged, or another list's.</summary>
    public static Problem Foreign() => Problem.Invalid("cursor", "Not a cursor that this list gave out.");

    private byte[] Sign(ReadOnlySpan<byte> payload) => HMACSHA256.HashData(_key, payload)[..SignatureLength];
}
