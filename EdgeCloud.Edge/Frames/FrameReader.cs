using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>Reads the body of POST /frame in either form, and that of POST /frame/unchanged.</summary>
internal sealed class FrameReader(FrameMemory memory, IOptions<FrameOptions> options)
{
    private const string JsonType = "application/json";

    /// <summary>The registered one, and what clients send instead.</summary>
    private static readonly string?[] JpegTypes =
        ["image/jpeg", "image/jpg", "image/pjpeg", "application/octet-stream"];

    /// <summary>How a frame comes.</summary>
    private enum Form
    {
        Json,
        Jpeg,
        Unchanged,
    }

    private readonly FrameOptions _options = options.Value;

    /// <param name="request">The request, its body not yet read.</param>
    /// <param name="cancellationToken">Ends the reading, which then has taken too long.</param>
    /// <returns>The frame, which the caller disposes, or why there is none.</returns>
    public ValueTask<(ReceivedFrame? Frame, FrameRejection? Rejection)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var mediaType = MediaType(request);
        var isJson = mediaType == JsonType;
        return isJson || JpegTypes.Contains(mediaType)
            ? ReadAsync(request, isJson ? Form.Json : Form.Jpeg, _options.MaxBodyBytes, cancellationToken)
            : new((null, FrameRejection.UnsupportedMediaType(
                request.ContentType, "application/json with the picture as Base64, or image/jpeg")));
    }

    /// <summary>The same for a frame without its picture.</summary>
    public ValueTask<(ReceivedFrame? Frame, FrameRejection? Rejection)> ReadUnchangedAsync(
        HttpRequest request, CancellationToken cancellationToken) =>
        MediaType(request) == JsonType
            ? ReadAsync(request, Form.Unchanged, MaxUnchangedBytes(_options), cancellationToken)
            : new((null, FrameRejection.UnsupportedMediaType(request.ContentType, "application/json")));

    /// <summary>What a body without a picture may have: a hundred times what it needs.</summary>
    public static int MaxUnchangedBytes(FrameOptions options) => Math.Min(16 * 1024, options.MaxBodyBytes);

    private static string? MediaType(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var contentType)
            ? contentType.MediaType?.ToLowerInvariant()
            : null;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(ReceivedFrame? Frame, FrameRejection? Rejection)> ReadAsync(
        HttpRequest request, Form form, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            return (null, FrameRejection.BodyTooLarge(maxBytes));
        var query = default(FrameQuery);
        if (form != Form.Unchanged
            && FrameQuery.TryRead(request.QueryString, form == Form.Jpeg, out query) is { } invalid)
            return (null, invalid);

        var buffer = new FrameBuffer(memory);
        ReceivedFrame? frame = null;
        try
        {
            if (await ReadBodyAsync(request, buffer, maxBytes, cancellationToken) is { } unread)
                return (null, unread);

            // On another thread: this one receives what others send.
            await Task.Yield();
            var usualDevice = FrameSender.Of(request)?.DeviceId ?? _options.DefaultDeviceId;
            (frame, var rejection) = form switch
            {
                Form.Json => FrameJson.Read(buffer, usualDevice),
                Form.Jpeg => ReceivedFrame.Create(
                    buffer, .., query.DeviceId ?? usualDevice, query.CapturedAt),
                _ => FrameJson.ReadUnchanged(buffer, usualDevice),
            };
            frame?.Detail = query.Detail;
            return (frame, rejection);
        }
        finally
        {
            if (frame is null)
                buffer.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FrameRejection?> ReadBodyAsync(
        HttpRequest request, FrameBuffer buffer, int maxBytes, CancellationToken cancellationToken)
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
                    : buffer.Length + read.Buffer.Length > maxBytes ? FrameRejection.BodyTooLarge(maxBytes)
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
