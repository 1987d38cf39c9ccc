using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Devices;

/// <summary>
/// What the server knows, all of it from Kafka and in memory: devices with their newest events, totals, and the ids that tell duplicates.
/// Thread-safe: one consumer writes, requests read.
/// </summary>
internal sealed class DeviceRegistry(IOptions<DeviceOptions> options, TimeProvider time)
{
    private readonly DeviceOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Device> _devices = [];
    private readonly DeduplicationWindow _seen = new(options.Value.DeduplicationWindow);
    private long _events;
    private long _duplicates;
    private long _persons;

    /// <summary>Counts and keeps an event.</summary>
    /// <returns>False for one that was counted before.</returns>
    public bool Add(DetectionEvent detectionEvent, byte[] json)
    {
        lock (_lock)
        {
            if (detectionEvent.EventId is { } eventId && !_seen.TryAdd(eventId))
            {
                _duplicates++;
                return false;
            }

            _events++;
            _persons += detectionEvent.PersonsDetected;
            Find(detectionEvent.DeviceId).Add(new StoredEvent(_events, detectionEvent, json));
            return true;
        }
    }

    /// <returns>At most <paramref name="limit"/> events, the latest first; those of one device, or of all.</returns>
    public IReadOnlyList<StoredEvent> Recent(string? deviceId, int limit)
    {
        lock (_lock)
        {
            var events = deviceId is null
                ? _devices.Values.SelectMany(device => device.Recent)
                : _devices.GetValueOrDefault(deviceId)?.Recent ?? [];
            return [.. events.OrderByDescending(stored => stored.Event.Timestamp).ThenByDescending(stored => stored.Arrival).Take(limit)];
        }
    }

    public IReadOnlyList<DeviceSummary> Summaries()
    {
        var now = time.GetUtcNow();
        lock (_lock)
            return [.. _devices.Values.OrderBy(device => device.Id, StringComparer.Ordinal).Select(device => Summarize(device, now))];
    }

    public RegistryTotals Totals()
    {
        lock (_lock)
            return new RegistryTotals(_events, _duplicates, _persons, _devices.Count);
    }

    private DeviceSummary Summarize(Device device, DateTimeOffset now)
    {
        var age = now - device.LastSeen;
        var status = age <= _options.OnlineWithin ? DeviceStatus.Online : age <= _options.StaleWithin ? DeviceStatus.Stale : DeviceStatus.Offline;
        return new DeviceSummary(
            device.Id, status, device.FirstSeen, device.LastSeen, device.Newest?.PersonsDetected ?? 0, device.Events, device.Persons, device.Newest?.Frame);
    }

    private Device Find(string deviceId)
    {
        if (_devices.TryGetValue(deviceId, out var device))
            return device;
        if (_devices.Count >= _options.MaxDevices)
            _devices.Remove(_devices.Values.MinBy(known => known.LastSeen)!.Id);
        return _devices[deviceId] = new Device(deviceId, _options.EventsPerDevice);
    }
}

/// <param name="Persons">The sum of persons_detected over all events.</param>
internal sealed record RegistryTotals(long Events, long Duplicates, long Persons, int Devices);

internal enum DeviceStatus
{
    Online,
    Stale,
    Offline,
}

/// <param name="PersonsDetected">In the newest frame.</param>
/// <param name="Persons">The sum of persons_detected over the device's events.</param>
/// <param name="Frame">The newest frame's number and size.</param>
internal sealed record DeviceSummary(
    string DeviceId,
    DeviceStatus Status,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    int PersonsDetected,
    long Events,
    long Persons,
    FrameInfo? Frame);
