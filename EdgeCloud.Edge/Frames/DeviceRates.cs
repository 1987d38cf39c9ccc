using EdgeCloud.Edge.Devices;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// How fast each device sends: <see cref="FrameOptions.MaxFramesPerSecond"/> on average, at most a second's worth
/// at once. Virtual scheduling (ITU-T I.371, annex A): all that is kept of a device is when its next frame would
/// be due if it sent evenly. A device that is due is as good as one never seen, so these are forgotten when there
/// are <see cref="Capacity"/> others; were that not enough, the one due first. docs/adr/0008 says why this is not
/// the framework's limiter.
/// </summary>
internal sealed class DeviceRates(IOptions<FrameOptions> options, TimeProvider time)
{
    public const int Capacity = 1024;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _interval = Burst / options.Value.MaxFramesPerSecond;
    private readonly Lock _lock = new();
    private readonly DeviceTable<TimeSpan> _due = new(Capacity, static due => due);

    public int Count
    {
        get
        {
            lock (_lock)
                return _due.Count;
        }
    }

    /// <summary>Counts a frame, unless the device is too fast.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="wait">When the result is false, how long until a frame of it is admitted again.</param>
    public bool TryAdmit(string deviceId, out TimeSpan wait)
    {
        var now = time.GetElapsedTime(0);
        lock (_lock)
        {
            var isKnown = _due.TryGet(deviceId, out var due);
            var next = (isKnown && due > now ? due : now) + _interval;
            wait = next - now - Burst;
            if (wait > TimeSpan.Zero)
                return false;

            if (!isKnown && _due.IsFull)
                _due.RemoveBefore(now);
            _due.Set(deviceId, next);
            return true;
        }
    }
}
