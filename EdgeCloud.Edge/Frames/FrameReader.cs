using System.IO.Pipelines;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>Reads the body of POST /frame in either form.</summary>
internal sealed class FrameReader(FrameMemory memory, IOptions<FrameOptions> options)
{
    /// <summary>The registered one, and what clients send instead.</summary>
    private static readonly string?[] JpegTypes =
        ["image/jpeg", "image/jpg", "image/pjpeg", "application/octet-stream"];

    private readonly FrameOptions _options = options.Value;

    /// <param name="request">The request, its body not yet read.</param>
    /// <param name="cancellationToken">Ends the reading, which then has taken too long.</param>
    /// <returns>The frame, which the caller disposes, or why there is none.</returns>
    public async ValueTask<(ReceivedFrame? Frame, FrameRejection? Rejection)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var mediaType = MediaTypeHeaderValue.TryParse(request.ContentType, out var contentType)
            ? contentType.MediaType?.ToLowerInvariant()
            : null;
        var isJson = mediaType == "application/json";
        if (!isJson && !JpegTypes.Contains(mediaType))
            return (null, FrameRejection.UnsupportedMediaType(request.ContentType));
        if (request.ContentLength > _options.MaxBodyBytes)
            return (null, FrameRejection.BodyTooLarge(_options.MaxBodyBytes));

        var buffer = new FrameBuffer(memory);
        ReceivedFrame? frame = null;
        try
        {
            if (await ReadBodyAsync(request, buffer, cancellationToken) is { } unread)
                return (null, unread);
            (frame, var rejection) =
                isJson ? FrameJson.Read(buffer, _options.DefaultDeviceId) : Raw(buffer, request.QueryString);
            return (frame, rejection);
        }
        finally
        {
            if (frame is null)
                buffer.Dispose();
        }
    }

    /// <summary>Reads the query where it stands: the framework's collection of it takes half a kilobyte.</summary>
    private (ReceivedFrame? Frame, FrameRejection? Rejection) Raw(FrameBuffer buffer, QueryString query)
    {
        string? deviceId = null, capturedAt = null;
        foreach (var parameter in new QueryStringEnumerable(query.Value))
        {
            var name = parameter.DecodeName().Span;
            if (name.Equals("device_id", StringComparison.OrdinalIgnoreCase))
            {
                if (deviceId is not null)
                    return (null, FrameRejection.RepeatedParameter());
                deviceId = parameter.DecodeValue().ToString();
            }
            else if (name.Equals("captured_at", StringComparison.OrdinalIgnoreCase))
            {
                if (capturedAt is not null)
                    return (null, FrameRejection.RepeatedParameter());
                capturedAt = parameter.DecodeValue().ToString();
            }
        }

        return ReceivedFrame.Create(buffer, .., deviceId ?? _options.DefaultDeviceId, capturedAt);
    }

    private async ValueTask<FrameRejection?> ReadBodyAsync(
        HttpRequest request, FrameBuffer buffer, CancellationToken cancellationToken)
    {
        // Not by giving the token to ReadAsync: the web server takes a read that ended so for one that still goes on,
        // and fails when it clears away the rest of the body.
        using var cancellation = cancellationToken.UnsafeRegister(
            static body => ((PipeReader)body!).CancelPendingRead(), request.BodyReader);
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(CancellationToken.None);
                var rejection = read.IsCanceled ? FrameRejection.TooSlow()
                    : buffer.Length + read.Buffer.Length > _options.MaxBodyBytes
                    ? FrameRejection.BodyTooLarge(_options.MaxBodyBytes)
                    : !buffer.TryAppend(read.Buffer, request.ContentLength) ? FrameRejection.OutOfMemory()
                    : null;
                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (rejection is not null || read.IsCompleted)
                    return rejection;
            }
        }
        catch (BadHttpRequestException exception)
        {
            return FrameRejection.BodyNotReceived(exception.StatusCode, exception.Message);
        }
    }
}
