using EdgeCloud.Contract;
using EdgeCloud.Edge.Devices;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The newest frame and event of each device, in memory only. Bounded: beyond <see cref="FrameOptions.MaxDevices"/>, or
/// twice the bytes of the largest frame, the device heard of longest ago is forgotten.
/// </summary>
internal sealed class LatestFrames(IOptions<FrameOptions> options)
{
    private readonly Lock _lock = new();
    private readonly DeviceTable<Latest> _devices = new(options.Value.MaxDevices, static latest => latest.Heard);
    private TimeSpan _heard;
    private long _bufferBytes;

    public int Count
    {
        get
        {
            lock (_lock)
                return _devices.Count;
        }
    }

    /// <param name="detectionEvent">Of the frame.</param>
    /// <param name="json">The same.</param>
    /// <param name="jpeg">Empty for a frame that came without its picture: that of the one before stays.</param>
    public void Keep(DetectionEvent detectionEvent, byte[] json, ReadOnlySpan<byte> jpeg)
    {
        lock (_lock)
        {
            var latest = Touch(detectionEvent.DeviceId);
            latest.EventJson = json;
            if (jpeg.IsEmpty)
                return;
            _bufferBytes -= latest.Buffer.Length;
            latest.Keep(jpeg);
            _bufferBytes += latest.Buffer.Length;
            while (_bufferBytes > 2L * options.Value.MaxBodyBytes)
                ForgetOldest();
        }
    }

    /// <returns>The JSON of the device's newest event; null for a device never seen, or forgotten.</returns>
    public byte[]? EventJson(string deviceId)
    {
        lock (_lock)
            return _devices.TryGet(deviceId, out var latest) ? latest.EventJson : null;
    }

    /// <returns>A copy of the device's newest frame; null for a device never seen, or forgotten.</returns>
    public byte[]? Jpeg(string deviceId)
    {
        lock (_lock)
        {
            return _devices.TryGet(deviceId, out var latest) && latest.JpegBytes > 0
                ? latest.Buffer[..latest.JpegBytes]
                : null;
        }
    }

    private Latest Touch(string deviceId)
    {
        if (!_devices.TryGet(deviceId, out var latest))
        {
            // The newcomer inherits the buffer, so many devices allocate no more than a few.
            latest = new Latest(_devices.IsFull ? ForgetOldest() : []);
            _bufferBytes += latest.Buffer.Length;
            _devices.Set(deviceId, latest);
        }

        // Counted, not timed: two devices may be heard of at the same instant.
        latest.Heard = _heard += TimeSpan.FromTicks(1);
        return latest;
    }

    /// <returns>The buffer of the device that is forgotten.</returns>
    private byte[] ForgetOldest()
    {
        var forgotten = _devices.RemoveOldest();
        _bufferBytes -= forgotten.Buffer.Length;
        return forgotten.Buffer;
    }

    private sealed class Latest(byte[] buffer)
    {
        public TimeSpan Heard { get; set; }
        public byte[] Buffer { get; private set; } = buffer;
        public int JpegBytes { get; private set; }
        public byte[]? EventJson { get; set; }

        /// <summary>The buffer is kept from frame to frame, so a steady stream allocates nothing.</summary>
        public void Keep(ReadOnlySpan<byte> jpeg)
        {
            if (Buffer.Length < jpeg.Length || Buffer.Length / 4 > jpeg.Length)
                Buffer = new byte[jpeg.Length + (jpeg.Length / 4)];
            jpeg.CopyTo(Buffer);
            JpegBytes = jpeg.Length;
        }
    }
}
