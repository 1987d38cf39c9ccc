using System.Buffers;
using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Edge.Frames;

/// <summary>A frame as it came in: a JPEG in a pooled buffer, returned on <see cref="Dispose"/>.</summary>
internal sealed class ReceivedFrame(byte[] pooledBuffer, Range jpeg, string deviceId, DateTimeOffset? capturedAt) : IDisposable
{
    public ReadOnlySpan<byte> Jpeg => pooledBuffer.AsSpan(jpeg);

    public string DeviceId => deviceId;

    public DateTimeOffset? CapturedAt => capturedAt;

    /// <summary>A frame with what its sender said of it, in whichever form it came.</summary>
    /// <param name="pooledBuffer">Taken over on success.</param>
    /// <param name="jpeg">Where the picture is in the buffer.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="capturedAtText">ISO 8601, or null.</param>
    public static (ReceivedFrame? Frame, FrameRejection? Rejection) Create(byte[] pooledBuffer, Range jpeg, string deviceId, string? capturedAtText)
    {
        if (!ServiceDefaults.Contract.DeviceId.IsValid(deviceId))
            return (null, FrameRejection.InvalidDeviceId());
        if (capturedAtText is null)
            return (new ReceivedFrame(pooledBuffer, jpeg, deviceId, null), null);
        return Iso8601.TryParse(capturedAtText, out var capturedAt)
            ? (new ReceivedFrame(pooledBuffer, jpeg, deviceId, capturedAt), null)
            : (null, FrameRejection.InvalidCapturedAt());
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(pooledBuffer);
}
