using System.Buffers;
using System.Net.Http.Headers;
using System.Numerics;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>Reads the body of POST /frame in either form into one pooled buffer, which grows with what has arrived, not with what was promised.</summary>
internal sealed class FrameReader(IOptions<FrameOptions> options)
{
    private const int SmallestBufferBytes = 16 * 1024;

    private readonly FrameOptions _options = options.Value;

    /// <param name="request">The request, its body not yet read.</param>
    /// <param name="memory">Where the buffer is taken from; to be kept as long as the frame.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The frame, which the caller disposes, or why there is none.</returns>
    public async ValueTask<(ReceivedFrame? Frame, FrameRejection? Rejection)> ReadAsync(HttpRequest request, FrameMemory.Share memory, CancellationToken cancellationToken)
    {
        var isJson = HasMediaType(request, "application/json");
        if (!isJson && !HasMediaType(request, "image/jpeg"))
            return (null, FrameRejection.UnsupportedMediaType(request.ContentType));
        if (request.ContentLength > _options.MaxBodyBytes)
            return (null, FrameRejection.BodyTooLarge(_options.MaxBodyBytes));

        var (buffer, length, rejection) = await ReadBodyAsync(request, memory, cancellationToken);
        (var frame, rejection) = rejection is not null ? (null, rejection)
            : isJson ? FrameJson.Read(buffer, length, _options.DefaultDeviceId)
            : Raw(buffer, length, request);
        if (frame is null)
            ArrayPool<byte>.Shared.Return(buffer);
        return (frame, rejection);
    }

    private (ReceivedFrame? Frame, FrameRejection? Rejection) Raw(byte[] buffer, int length, HttpRequest request)
    {
        var query = request.Query;
        if (query["device_id"].Count > 1 || query["captured_at"].Count > 1)
            return (null, FrameRejection.RepeatedParameter());
        return ReceivedFrame.Create(buffer, ..length, query["device_id"].FirstOrDefault() ?? _options.DefaultDeviceId, query["captured_at"].FirstOrDefault());
    }

    /// <returns>A pooled buffer in any case.</returns>
    private async ValueTask<(byte[] Buffer, int Length, FrameRejection? Rejection)> ReadBodyAsync(HttpRequest request, FrameMemory.Share memory, CancellationToken cancellationToken)
    {
        byte[] buffer = [];
        var length = 0;
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellationToken);
                var rejection = Append(read.Buffer, ref buffer, ref length, memory);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (rejection is not null || read.IsCompleted)
                    return (buffer, length, rejection);
            }
        }
        catch (BadHttpRequestException exception)
        {
            return (buffer, length, FrameRejection.BodyNotReceived(exception.StatusCode, exception.Message));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private FrameRejection? Append(in ReadOnlySequence<byte> arrived, ref byte[] buffer, ref int length, FrameMemory.Share memory)
    {
        var needed = length + arrived.Length;
        if (needed > _options.MaxBodyBytes)
            return FrameRejection.BodyTooLarge(_options.MaxBodyBytes);

        if (needed > buffer.Length)
        {
            // The pool deals in powers of two.
            var size = Math.Max(SmallestBufferBytes, (int)BitOperations.RoundUpToPowerOf2((uint)needed));
            if (!memory.TryTake(size - buffer.Length))
                return FrameRejection.OutOfMemory();
            var larger = ArrayPool<byte>.Shared.Rent(size);
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        arrived.CopyTo(buffer.AsSpan(length));
        length = (int)needed;
        return null;
    }

    private static bool HasMediaType(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) && string.Equals(parsed.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);
}
