using System.Buffers;

namespace EdgeCloud.Edge.Frames;

/// <summary>A frame as it came in: a JPEG in a pooled buffer, returned on <see cref="Dispose"/>.</summary>
internal sealed class ReceivedFrame(byte[] pooledBuffer, Range jpeg, string deviceId, DateTimeOffset? capturedAt) : IDisposable
{
    public ReadOnlySpan<byte> Jpeg => pooledBuffer.AsSpan(jpeg);

    public string DeviceId => deviceId;

    public DateTimeOffset? CapturedAt => capturedAt;

    public void Dispose() => ArrayPool<byte>.Shared.Return(pooledBuffer);
}
