using System.ComponentModel;
using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Devices;

/// <summary>
/// What the server knows, all of it from Kafka and in memory: one shard for each partition it reads, shown as one. A
/// device is in one partition, that of its key, or in two after the topic was given more partitions. Thread-safe: one
/// consumer writes, requests read.
/// </summary>
internal sealed class DeviceRegistry(IOptions<DeviceOptions> options, TimeProvider time)
{
    private readonly DeviceOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, DeviceShard> _shards = [];

    /// <summary>Drops the shards of all other partitions; those of these that are new begin empty.</summary>
    public void Keep(IReadOnlyCollection<int> partitions)
    {
        lock (_lock)
        {
            foreach (var gone in _shards.Keys.Except(partitions).ToArray())
                _shards.Remove(gone);
        }
    }

    /// <summary>Begins a partition anew.</summary>
    public void Drop(int partition)
    {
        lock (_lock)
            _shards.Remove(partition);
    }

    /// <summary>Counts and keeps an event.</summary>
    /// <param name="partition">Where it was read.</param>
    /// <param name="summary">The event.</param>
    /// <param name="json">Its JSON, kept as it is.</param>
    /// <param name="arrived">When Kafka took it; null when that is not known.</param>
    /// <returns>False for one that was counted before.</returns>
    public bool Add(int partition, in EventSummary summary, byte[] json, DateTimeOffset? arrived)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var shard = Shard(partition);
            var devices = shard.Devices.Count;
            var added = shard.Add(summary, json, now, arrived);
            if (shard.Devices.Count > devices && _shards.Values.Sum(each => each.Devices.Count) > _options.MaxDevices)
                ForgetOldest();
            return added;
        }
    }

    /// <summary>Counts a message that is not an event.</summary>
    public void AddDeadLetter(int partition)
    {
        lock (_lock)
            Shard(partition).AddDeadLetter();
    }

    /// <summary>Drops the devices of a partition that have not been heard of for too long.</summary>
    /// <param name="partition">Has been read to its end.</param>
    public void ForgetSilent(int partition)
    {
        lock (_lock)
            _shards.GetValueOrDefault(partition)?.ForgetSilent(time.GetUtcNow());
    }

    /// <returns>At most <paramref name="limit"/> events, the latest first; those of one device, or of all.</returns>
    public IReadOnlyList<StoredEvent> Recent(string? deviceId, int limit)
    {
        var now = time.GetUtcNow();
        StoredEvent[] events;
        lock (_lock)
        {
            var devices = Known(now).Where(device => deviceId is null || device.Id == deviceId);
            events = [.. devices.SelectMany(device => device.Recent)];
        }

        var newestFirst = events.OrderByDescending(stored => stored.Time).ThenByDescending(stored => stored.Arrival);
        return [.. newestFirst.Take(limit)];
    }

    public IReadOnlyList<DeviceSummary> Summaries()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var devices = Known(now).GroupBy(device => device.Id).OrderBy(device => device.Key, StringComparer.Ordinal);
            return [.. devices.Select(shares => Summarize([.. shares], now))];
        }
    }

    public RegistryTotals Totals()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var shards = _shards.Values;
            return new RegistryTotals(
                shards.Sum(shard => shard.Events),
                shards.Sum(shard => shard.Duplicates),
                shards.Sum(shard => shard.DeadLetters),
                shards.Sum(shard => shard.Persons),
                Known(now).Select(device => device.Id).Distinct().Count());
        }
    }

    /// <returns>The sum of persons_detected over the events of each of the last sixty minutes, the oldest
    /// first.</returns>
    public long[] PersonsLastHour()
    {
        var now = time.GetUtcNow();
        var sums = new long[PersonsByMinute.Minutes];
        lock (_lock)
        {
            foreach (var shard in _shards.Values)
                shard.PersonsByMinute.AddTo(sums, now);
        }

        return sums;
    }

    private DeviceShard Shard(int partition)
    {
        if (!_shards.TryGetValue(partition, out var shard))
            _shards.Add(partition, shard = new DeviceShard(_options));
        return shard;
    }

    private void ForgetOldest()
    {
        var (shard, device) = _shards.Values
            .SelectMany(shard => shard.Devices.Values, (shard, device) => (shard, device))
            .MinBy(known => known.device.LastHeard);
        shard.Forget(device.Id);
    }

    /// <summary>
    /// Those not silent for too long are all that is shown, and no more than that: while old events are read, whoever
    /// asks must not end what they go on with.
    /// </summary>
    private IEnumerable<Device> Known(DateTimeOffset now) =>
        _shards.Values.SelectMany(shard => shard.Devices.Values).Where(device => !device.IsSilent(now));

    private DeviceSummary Summarize(Device[] shares, DateTimeOffset now)
    {
        var last = shares.MaxBy(share => share.LastSeen)!;
        var age = now - last.LastSeen;
        var status = age <= _options.OnlineWithin ? DeviceStatus.Online
            : age <= _options.StaleWithin ? DeviceStatus.Stale : DeviceStatus.Offline;
        return new DeviceSummary
        {
            DeviceId = last.Id,
            Status = status,
            FirstSeen = shares.Min(share => share.FirstSeen),
            LastSeen = last.LastSeen,
            PersonsDetected = last.Newest.PersonsDetected,
            Events = shares.Sum(share => share.Events),
            Persons = shares.Sum(share => share.Persons),
            Frame = last.Newest.Frame,
            OutboxEvents = last.Newest.OutboxEvents,
        };
    }
}

/// <param name="Persons">The sum of persons_detected over all events.</param>
internal sealed record RegistryTotals(long Events, long Duplicates, long DeadLetters, long Persons, int Devices);

[Description("Whether the device is heard of: lately, a while ago, or no more.")]
internal enum DeviceStatus
{
    Online,
    Stale,
    Offline,
}

[Description("What is known of a device.")]
internal sealed record DeviceSummary
{
    [Description("The device.")]
    public required string DeviceId { get; init; }

    [Description("Whether it is heard of.")]
    public required DeviceStatus Status { get; init; }

    [Description("When its first event that Kafka retains happened.")]
    public required DateTimeOffset FirstSeen { get; init; }

    [Description("When its newest event happened.")]
    public required DateTimeOffset LastSeen { get; init; }

    [Description("Persons in the newest frame.")]
    public required int PersonsDetected { get; init; }

    [Description("Distinct events.")]
    public required long Events { get; init; }

    [Description("The sum of persons_detected over the device's events.")]
    public required long Persons { get; init; }

    [Description("The newest frame's number and size.")]
    public required FrameInfo? Frame { get; init; }

    [Description("How many events its edge held that Kafka had not confirmed, when it stored the newest; null when it "
        + "did not say.")]
    public required long? OutboxEvents { get; init; }
}
