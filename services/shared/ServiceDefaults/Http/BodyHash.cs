using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Platform.ServiceDefaults;

/// <summary>
/// What makes two bodies the same: their bytes; of a form (multipart/form-data), its parts, since a client that sends one again makes up a new boundary.
/// Reads the body as it comes, whatever its length.
/// </summary>
internal static class BodyHash
{
    /// <param name="request">Its body can be read again, and is read from the start.</param>
    public static async Task<byte[]> Of(HttpRequest request, CancellationToken ct)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 200 } boundary)
        {
            try
            {
                return await OfParts(new MultipartReader(boundary, request.Body), ct);
            }
            catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
            {
                // No form after all: the handler will say so.
                request.Body.Position = 0;
            }
        }
        return await SHA256.HashDataAsync(request.Body, ct);
    }

    /// <summary>Over what each part says of itself and the hash of its content, in order: no two sequences of parts give the same input.</summary>
    private static async Task<byte[]> OfParts(MultipartReader reader, CancellationToken ct)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (await reader.ReadNextSectionAsync(ct) is { } part)
        {
            var head = Encoding.UTF8.GetBytes($"{part.ContentDisposition}\n{part.ContentType}");
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, head.Length);
            all.AppendData(length);
            all.AppendData(head);
            all.AppendData(await SHA256.HashDataAsync(part.Body, ct));
        }
        return all.GetHashAndReset();
    }
}
