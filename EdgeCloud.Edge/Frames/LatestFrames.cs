using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The newest frame and event of each device, in memory only. Bounded: beyond <see cref="FrameOptions.MaxDevices"/>, or twice the bytes of the largest frame, the
/// device heard of longest ago is forgotten.
/// </summary>
internal sealed class LatestFrames(IOptions<FrameOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Latest> _devices = [];
    private readonly LinkedList<string> _leastRecentFirst = [];
    private long _bufferBytes;

    private sealed class Latest(LinkedListNode<string> age, byte[] buffer)
    {
        public LinkedListNode<string> Age => age;
        public byte[] Jpeg { get; private set; } = buffer;
        public int JpegBytes { get; private set; }
        public byte[]? EventJson { get; set; }
        public long Sequence { get; set; }

        /// <summary>The buffer is kept from frame to frame, so a steady stream allocates nothing.</summary>
        public void Keep(ReadOnlySpan<byte> jpeg)
        {
            if (Jpeg.Length < jpeg.Length || Jpeg.Length / 4 > jpeg.Length)
                Jpeg = new byte[jpeg.Length + (jpeg.Length / 4)];
            jpeg.CopyTo(Jpeg);
            JpegBytes = jpeg.Length;
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _devices.Count;
        }
    }

    /// <summary>The number of the device's next frame, from 1.</summary>
    public long NextSequence(string deviceId)
    {
        lock (_lock)
            return ++Touch(deviceId).Sequence;
    }

    public void Keep(DetectionEvent detectionEvent, byte[] json, ReadOnlySpan<byte> jpeg)
    {
        lock (_lock)
        {
            var latest = Touch(detectionEvent.DeviceId);
            latest.EventJson = json;
            _bufferBytes -= latest.Jpeg.Length;
            latest.Keep(jpeg);
            _bufferBytes += latest.Jpeg.Length;
            while (_bufferBytes > 2L * options.Value.MaxBodyBytes)
                ForgetLeastRecent();
        }
    }

    /// <returns>The JSON of the device's newest event; null for a device never seen, or forgotten.</returns>
    public byte[]? EventJson(string deviceId)
    {
        lock (_lock)
            return _devices.GetValueOrDefault(deviceId)?.EventJson;
    }

    /// <returns>A copy of the device's newest frame; null for a device never seen, or forgotten.</returns>
    public byte[]? Jpeg(string deviceId)
    {
        lock (_lock)
            return _devices.GetValueOrDefault(deviceId) is { JpegBytes: > 0 } latest ? latest.Jpeg[..latest.JpegBytes] : null;
    }

    private Latest Touch(string deviceId)
    {
        if (_devices.TryGetValue(deviceId, out var latest))
        {
            _leastRecentFirst.Remove(latest.Age);
            _leastRecentFirst.AddLast(latest.Age);
            return latest;
        }

        // The newcomer inherits the buffer, so many devices allocate no more than a few.
        var buffer = _devices.Count >= options.Value.MaxDevices ? ForgetLeastRecent() : [];
        _bufferBytes += buffer.Length;
        return _devices[deviceId] = new Latest(_leastRecentFirst.AddLast(deviceId), buffer);
    }

    private byte[] ForgetLeastRecent()
    {
        _devices.Remove(_leastRecentFirst.First!.Value, out var forgotten);
        _leastRecentFirst.RemoveFirst();
        _bufferBytes -= forgotten!.Jpeg.Length;
        return forgotten.Jpeg;
    }
}
