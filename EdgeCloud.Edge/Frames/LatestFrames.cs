using EdgeCloud.Contract;
using EdgeCloud.Edge.Devices;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The newest frame and event of each device, in memory only. Bounded: beyond <see cref="FrameOptions.MaxDevices"/>, or
/// twice the bytes of the largest frame, the device heard of longest ago is forgotten.
/// </summary>
internal sealed class LatestFrames(IOptions<FrameOptions> options) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly DeviceTable<Latest> _devices = new(options.Value.MaxDevices, static latest => latest.Heard);
    private TimeSpan _heard;
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_lock)
                return _devices.Count;
        }
    }

    /// <summary>What the frames that are kept here must not show.</summary>
    public FrameBlur Blur => options.Value.Blur;

    /// <param name="detectionEvent">Of the frame.</param>
    /// <param name="json">The same.</param>
    /// <param name="jpeg">Blurred already; empty for a frame that came without its picture: that of the one before
    /// stays.</param>
    public void Keep(DetectionEvent detectionEvent, byte[] json, ReadOnlySpan<byte> jpeg)
    {
        lock (_lock)
        {
            var latest = Touch(detectionEvent.DeviceId);
            latest.EventJson = json;
            if (jpeg.IsEmpty)
                return;
            _bytes -= latest.Bytes;
            latest.Keep(jpeg);
            _bytes += latest.Bytes;
            while (_bytes > 2L * options.Value.MaxBodyBytes)
                Forget(_devices.RemoveOldest());
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
            return _devices.TryGet(deviceId, out var latest) && latest.Jpeg is { IsEmpty: false } jpeg
                ? jpeg.ToArray()
                : null;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_devices.Count > 0)
                Forget(_devices.RemoveOldest());
        }
    }

    private Latest Touch(string deviceId)
    {
        if (!_devices.TryGet(deviceId, out var latest))
        {
            if (_devices.IsFull)
                Forget(_devices.RemoveOldest());
            _devices.Set(deviceId, latest = new Latest());
        }

        // Counted, not timed: two devices may be heard of at the same instant.
        latest.Heard = _heard += TimeSpan.FromTicks(1);
        return latest;
    }

    private void Forget(Latest forgotten)
    {
        _bytes -= forgotten.Bytes;
        forgotten.Dispose();
    }

    private sealed class Latest : IDisposable
    {
        /// <summary>So that pictures of about one size need no new buffer each.</summary>
        private const int Step = 16 * 1024;

        private NativeBytes _buffer;
        private int _jpegBytes;

        public TimeSpan Heard { get; set; }

        public byte[]? EventJson { get; set; }

        public ReadOnlySpan<byte> Jpeg => _buffer.Span[.._jpegBytes];

        public int Bytes => _buffer.Capacity;

        public void Keep(ReadOnlySpan<byte> jpeg)
        {
            if (_buffer.Capacity < jpeg.Length || _buffer.Capacity / 4 > jpeg.Length + Step)
                _buffer.Resize((jpeg.Length + Step - 1) / Step * Step);
            jpeg.CopyTo(_buffer.Span);
            _jpegBytes = jpeg.Length;
        }

        public void Dispose() => _buffer.Dispose();
    }
}
