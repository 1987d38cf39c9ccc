using System.Diagnostics.CodeAnalysis;

namespace EdgeCloud.Edge.Devices;

/// <summary>
/// What is remembered of each device. Device ids are free to choose, so the table is bounded: when it is full, a new
/// device takes the place of the one with the earliest time. Not thread-safe.
/// </summary>
/// <param name="capacity">The most devices at once.</param>
/// <param name="timeOf">The time by which a device is older than another; it may move on in place.</param>
internal sealed class DeviceTable<T>(int capacity, Func<T, TimeSpan> timeOf)
{
    private readonly Dictionary<string, T> _devices = [];

    public int Count => _devices.Count;

    public IReadOnlyCollection<T> All => _devices.Values;

    public bool IsFull => _devices.Count >= capacity;

    public bool TryGet(string deviceId, [MaybeNullWhen(false)] out T state) =>
        _devices.TryGetValue(deviceId, out state);

    public void Set(string deviceId, T state)
    {
        if (IsFull && !_devices.ContainsKey(deviceId))
            RemoveOldest();
        _devices[deviceId] = state;
    }

    public bool Remove(string deviceId) => _devices.Remove(deviceId);

    public T RemoveOldest()
    {
        _devices.Remove(_devices.MinBy(device => timeOf(device.Value)).Key, out var oldest);
        return oldest!;
    }

    public void RemoveBefore(TimeSpan time)
    {
        foreach (var (deviceId, state) in _devices)
        {
            if (timeOf(state) < time)
                _devices.Remove(deviceId);
        }
    }
}
