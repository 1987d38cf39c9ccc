using System.Globalization;
using EdgeCloud.Contract;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// Every way in which a frame is rejected: the status of the answer, a short reason for metrics,
/// and what the sender reads.
/// </summary>
internal sealed record FrameRejection(
    int Status, string Reason, string Title, string Detail, TimeSpan? RetryAfter = null)
{
    /// <summary>A member of the answer, so that a client can make its next frame fit; null without one.</summary>
    public (string Name, int Value)? Limit { get; private init; }

    /// <param name="contentType">What came.</param>
    /// <param name="expected">What is to come, as the end of a sentence.</param>
    public static FrameRejection UnsupportedMediaType(string? contentType, string expected) => new(
        StatusCodes.Status415UnsupportedMediaType, "media_type", "Unsupported media type",
        $"Send {expected}; this was '{contentType ?? "no content type"}'.");

    public static FrameRejection BodyTooLarge(int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge, "body_size", "Body too large",
        string.Create(CultureInfo.InvariantCulture, $"A frame may have at most {maxBytes} bytes."))
    {
        Limit = ("max_bytes", maxBytes),
    };

    public static FrameRejection TooManyPixels(int width, int height, int maxPixels) => new(
        StatusCodes.Status413PayloadTooLarge, "pixels", "Picture too large",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The picture has {width} × {height} pixels; at most {maxPixels} in all are accepted."))
    {
        Limit = ("max_pixels", maxPixels),
    };

    public static FrameRejection TooManyBytesDecoded(long decodedBytes, long maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge, "decoded_size", "Picture too large",
        string.Create(CultureInfo.InvariantCulture, $"The picture may need {decodedBytes} bytes of memory to decode, "
            + $"for its pixels, its scans and its orientation; there are {maxBytes}."));

    /// <param name="status">400 for a body that ended early or was framed wrongly, 408 for one that
    /// came too slowly.</param>
    /// <param name="problem">The web server's words.</param>
    public static FrameRejection BodyNotReceived(int status, string problem) =>
        new(status, "body", "Body not received", problem);

    public static FrameRejection TooSlow() => BodyNotReceived(
        StatusCodes.Status408RequestTimeout, "The body did not arrive in the time there is for a frame.");

    public static FrameRejection RepeatedParameter() => new(
        StatusCodes.Status400BadRequest, "query", "Repeated parameter",
        "device_id, captured_at and detail may each be given once.");

    public static FrameRejection InvalidDetail(string detail) => new(
        StatusCodes.Status400BadRequest, "query", "Invalid detail",
        $"detail must be normal or high; this was '{detail}'.");

    public static FrameRejection InvalidJson(string problem) => new(
        StatusCodes.Status400BadRequest, "json", "Invalid JSON", problem);

    public static FrameRejection InvalidBase64() => new(
        StatusCodes.Status400BadRequest, "base64", "Invalid Base64",
        "The member 'image' must be a JPEG in Base64, alone or as a data: URL (data:image/jpeg;base64,...).");

    public static FrameRejection InvalidJpeg(string problem) => new(
        StatusCodes.Status400BadRequest, "jpeg", "Invalid JPEG", problem);

    public static FrameRejection InvalidDeviceId() => new(
        StatusCodes.Status400BadRequest, "device_id", "Invalid device_id", $"device_id must have {DeviceId.Rule}.");

    public static FrameRejection InvalidCapturedAt() => new(
        StatusCodes.Status400BadRequest, "captured_at", "Invalid captured_at",
        "captured_at must be an ISO 8601 date and time, such as 2025-12-30T15:14:34.678Z.");

    public static FrameRejection OtherDevice(string deviceId) => new(
        StatusCodes.Status403Forbidden, "other_device", "Another device",
        $"This phone sends as device '{deviceId}' and as no other.");

    /// <summary>Of a frame that came without its picture: no fault of its sender's, who sends it now.</summary>
    public static FrameRejection PictureNeeded(string problem) => new(
        StatusCodes.Status409Conflict, "picture_needed", "Picture needed",
        $"{problem} Send the picture to /frame.");

    public static FrameRejection NeverSeen(string deviceId) => new(
        StatusCodes.Status404NotFound, "unknown_device", "Unknown device",
        $"No frame of device '{deviceId}' has been seen since this edge started.");

    public static FrameRejection Overloaded() => new(
        StatusCodes.Status429TooManyRequests, "overload", "Too many frames at once",
        "As many frames as the edge works on at once are being looked at, and as many as may wait are waiting; "
        + "this frame was not accepted. Send the next one after the time in Retry-After.", TimeSpan.FromSeconds(1));

    public static FrameRejection OutOfMemory() => new(
        StatusCodes.Status429TooManyRequests, "memory", "Too much at once",
        "The frames that the edge is receiving and looking at fill the memory it allows them, "
        + "and this frame was not accepted. Send the next one after the time in Retry-After.",
        TimeSpan.FromSeconds(1));

    public static FrameRejection DeviceTooFast(string deviceId, int framesPerSecond, TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, "device_rate", "Too many frames of one device",
        string.Create(CultureInfo.InvariantCulture, $"Device '{deviceId}' sends more than {framesPerSecond} frames a "
            + $"second. Send the next one after the time in Retry-After."), wait);

    public static FrameRejection ModelsNotLoaded() => new(
        StatusCodes.Status503ServiceUnavailable, "not_ready", "Not ready", "The models are not loaded yet.",
        TimeSpan.FromSeconds(1));

    public static FrameRejection EventNotStored(string problem) => new(
        StatusCodes.Status503ServiceUnavailable, "outbox", "Event not stored",
        $"The frame was looked at, but not accepted, since its event could not be stored. {problem}",
        TimeSpan.FromSeconds(5));

    /// <summary>The answer that says so, without its Retry-After.</summary>
    public ProblemHttpResult ToProblem() => TypedResults.Problem(
        Detail, statusCode: Status, title: Title,
        extensions: Limit is { } limit ? [new KeyValuePair<string, object?>(limit.Name, limit.Value)] : null);
}
