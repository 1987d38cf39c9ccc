using EdgeCloud.Contract;
using EdgeCloud.Edge.Motion;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// A frame as it came in: a JPEG in a buffer, given back on <see cref="Dispose"/>, or which frame it repeats.
/// </summary>
internal sealed class ReceivedFrame(
    FrameBuffer buffer, Range jpeg, string deviceId, DateTimeOffset? capturedAt) : IDisposable
{
    public ReadOnlySpan<byte> Jpeg => buffer.Span[jpeg];

    public int BodyBytes => buffer.Length;

    /// <summary>Null for a frame that came with its picture.</summary>
    public FrameReference? Repeated { get; init; }

    public FrameDetail Detail { get; set; }

    /// <summary>Null for a frame that was sent to the edge.</summary>
    public SourceKind? Source { get; init; }

    public string DeviceId => deviceId;

    public DateTimeOffset? CapturedAt => capturedAt;

    /// <summary>A frame with what its sender said of it, in whichever form it came.</summary>
    /// <param name="buffer">Taken over on success.</param>
    /// <param name="jpeg">Where the picture is in the buffer.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="capturedAtText">ISO 8601, or null.</param>
    /// <param name="repeated">Of a frame without a picture.</param>
    public static (ReceivedFrame? Frame, FrameRejection? Rejection) Create(
        FrameBuffer buffer, Range jpeg, string deviceId, string? capturedAtText, FrameReference? repeated = null)
    {
        if (!Contract.DeviceId.IsValid(deviceId))
            return (null, FrameRejection.InvalidDeviceId());
        if (capturedAtText is null)
            return (new ReceivedFrame(buffer, jpeg, deviceId, null) { Repeated = repeated }, null);
        return Iso8601.TryParse(capturedAtText, out var capturedAt)
            ? (new ReceivedFrame(buffer, jpeg, deviceId, capturedAt) { Repeated = repeated }, null)
            : (null, FrameRejection.InvalidCapturedAt());
    }

    public void Dispose() => buffer.Dispose();
}
