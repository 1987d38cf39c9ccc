using System.Globalization;
using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Edge.Frames;

/// <summary>Every way in which a frame is refused: the status of the answer, a short reason for metrics, and what the sender reads.</summary>
internal sealed record FrameRejection(int Status, string Reason, string Title, string Detail, TimeSpan? RetryAfter = null)
{
    public static FrameRejection UnsupportedMediaType(string? contentType) => new(
        StatusCodes.Status415UnsupportedMediaType, "media_type", "Unsupported media type",
        $"Send application/json with the picture as Base64, or image/jpeg; this was '{contentType ?? "no content type"}'.");

    public static FrameRejection BodyTooLarge(int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge, "body_size", "Body too large",
        string.Create(CultureInfo.InvariantCulture, $"A frame may have at most {maxBytes} bytes."));

    public static FrameRejection TooManyPixels(int width, int height, int maxPixels) => new(
        StatusCodes.Status413PayloadTooLarge, "pixels", "Picture too large",
        string.Create(CultureInfo.InvariantCulture, $"The picture has {width} × {height} pixels; at most {maxPixels} in all are accepted."));

    public static FrameRejection InvalidJson(string problem) => new(
        StatusCodes.Status400BadRequest, "json", "Invalid JSON", problem);

    public static FrameRejection InvalidBase64() => new(
        StatusCodes.Status400BadRequest, "base64", "Invalid Base64",
        "The member 'image' must be a JPEG in Base64 with padding, alone or as a data: URL (data:image/jpeg;base64,...).");

    public static FrameRejection InvalidJpeg(string problem) => new(
        StatusCodes.Status400BadRequest, "jpeg", "Invalid JPEG", problem);

    public static FrameRejection InvalidDeviceId() => new(
        StatusCodes.Status400BadRequest, "device_id", "Invalid device_id", $"device_id must have {DeviceId.Rule}.");

    public static FrameRejection InvalidCapturedAt() => new(
        StatusCodes.Status400BadRequest, "captured_at", "Invalid captured_at", "captured_at must be an ISO 8601 date and time, such as 2025-12-30T15:14:34.678Z.");

    public static FrameRejection Overloaded() => new(
        StatusCodes.Status429TooManyRequests, "overload", "Too many frames at once",
        "The edge is working at its limit and this frame was not accepted. Send the next one after the time in Retry-After.", TimeSpan.FromSeconds(1));

    public static FrameRejection ModelsNotLoaded() => new(
        StatusCodes.Status503ServiceUnavailable, "not_ready", "Not ready", "The models are not loaded yet.", TimeSpan.FromSeconds(1));

    public static FrameRejection EventNotStored(string problem) => new(
        StatusCodes.Status503ServiceUnavailable, "outbox", "Event not stored",
        $"The frame was looked at, but not accepted, since its event could not be stored. {problem}", TimeSpan.FromSeconds(5));
}
