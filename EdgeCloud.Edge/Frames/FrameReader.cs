using System.Buffers;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>Reads the body of POST /frame in either form into one pooled buffer, bounded before it is read.</summary>
internal sealed class FrameReader(IOptions<FrameOptions> options)
{
    private const int InitialBufferBytes = 64 * 1024;

    private readonly FrameOptions _options = options.Value;

    /// <returns>The frame, which the caller disposes, or why there is none.</returns>
    public async ValueTask<(ReceivedFrame? Frame, FrameRejection? Rejection)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var isJson = HasMediaType(request, "application/json");
        if (!isJson && !HasMediaType(request, "image/jpeg"))
            return (null, FrameRejection.UnsupportedMediaType(request.ContentType));
        if (request.ContentLength > _options.MaxBodyBytes)
            return (null, FrameRejection.BodyTooLarge(_options.MaxBodyBytes));

        var (buffer, length) = await ReadBodyAsync(request, cancellationToken);
        var outcome = length > _options.MaxBodyBytes
            ? (null, FrameRejection.BodyTooLarge(_options.MaxBodyBytes))
            : isJson ? FrameJson.Read(buffer, length, _options.DefaultDeviceId) : Raw(buffer, length, request);
        if (outcome.Frame is null)
            ArrayPool<byte>.Shared.Return(buffer);
        return outcome;
    }

    private (ReceivedFrame? Frame, FrameRejection? Rejection) Raw(byte[] buffer, int length, HttpRequest request) => ReceivedFrame.Create(
        buffer, ..length, request.Query["device_id"].FirstOrDefault() ?? _options.DefaultDeviceId, request.Query["captured_at"].FirstOrDefault());

    /// <summary>Reads to the end, or one byte past the limit.</summary>
    private async ValueTask<(byte[] Buffer, int Length)> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var readable = _options.MaxBodyBytes + 1;
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength + 1 ?? InitialBufferBytes));
        var length = 0;
        try
        {
            while (length < readable)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, readable);
                var read = await request.Body.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, readable) - length), cancellationToken);
                if (read == 0)
                    break;
                length += read;
            }

            return (buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer, int limit)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, limit));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static bool HasMediaType(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) && string.Equals(parsed.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);
}
