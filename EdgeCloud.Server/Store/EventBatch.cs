using System.Runtime.InteropServices;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Store;

/// <summary>
/// What some messages change: it is written at once, with the positions behind them, or not at all. Not thread-safe.
/// </summary>
internal sealed class EventBatch(DeviceOptions devices, HistoryOptions history)
{
    public const int Minute = 60;
    public const int FiveMinutes = 300;
    public const int Hour = 3600;

    private readonly Dictionary<string, DeviceChange> _devices = [];
    private readonly Dictionary<CountKey, Counts> _counts = [];
    private readonly Dictionary<PlaceKey, ZoneCounts> _zones = [];
    private readonly Dictionary<PlaceKey, LineCounts> _lines = [];
    private readonly Dictionary<int, PartitionChange> _partitions = [];

    public IReadOnlyDictionary<string, DeviceChange> Devices => _devices;

    public IReadOnlyDictionary<CountKey, Counts> Counts => _counts;

    public IReadOnlyDictionary<PlaceKey, ZoneCounts> Zones => _zones;

    public IReadOnlyDictionary<PlaceKey, LineCounts> Lines => _lines;

    public IReadOnlyDictionary<int, PartitionChange> Partitions => _partitions;

    /// <summary>Duplicates and dead letters included.</summary>
    public int Messages { get; private set; }

    /// <summary>The JSON that it holds.</summary>
    public long Bytes { get; private set; }

    /// <summary>A message that has been handled: what it changes follows.</summary>
    /// <param name="partition">Where it lies.</param>
    /// <param name="before">The position that is stored.</param>
    /// <param name="after">The position behind the message.</param>
    public PartitionChange Handled(int partition, Position? before, Position after)
    {
        if (!_partitions.TryGetValue(partition, out var change))
            _partitions.Add(partition, change = new PartitionChange(before));
        change.After = after;
        Messages++;
        return change;
    }

    /// <summary>Counts an event, once.</summary>
    public void Add(PartitionChange partition, in CountedEvent counted, DateTimeOffset now)
    {
        var summary = counted.Summary;
        partition.Events++;
        partition.Persons += summary.PersonsDetected;
        Bytes += counted.Json.Length;

        ref var device = ref CollectionsMarshal.GetValueRefOrAddDefault(_devices, summary.DeviceId, out _);
        if (device is null || counted.Heard - device.Heard > devices.ForgetAfter)
            device = new DeviceChange(counted) { BeginsAnew = device is not null };
        device.Add(counted, devices.EventsPerDevice);

        // What lies further back than is kept counts in the totals alone.
        var age = now - counted.Time;
        if (age <= history.MinutesFor)
        {
            Count(Minute, counted);
            Count(FiveMinutes, counted);
        }

        if (age <= history.HoursFor)
            Count(Hour, counted);
    }

    public void Clear()
    {
        _devices.Clear();
        _counts.Clear();
        _zones.Clear();
        _lines.Clear();
        _partitions.Clear();
        (Messages, Bytes) = (0, 0);
    }

    private void Count(int seconds, in CountedEvent counted)
    {
        var time = counted.Time.ToUnixTimeSeconds();
        var key = new CountKey(seconds, time - (time % seconds), counted.Summary.DeviceId);
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        (counts ??= new Counts()).Add(counted);
        if (counted.Summary.Zones is { } places)
            Count(key, places);
    }

    private void Count(CountKey bucket, ZoneFindings places)
    {
        foreach (var (zone, persons) in places.Occupancy)
        {
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_zones, new(bucket, zone), out _);
            (counts ??= new ZoneCounts()).Add(persons);
        }

        foreach (var crossing in places.Crossings)
        {
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines, new(bucket, crossing.Line), out _);
            (counts ??= new LineCounts()).Add(crossing.Direction);
        }
    }
}

/// <summary>An event that was not counted before.</summary>
/// <param name="Json">As it came, members that this version does not know included.</param>
/// <param name="Time">When it happened, as far as its date can be believed: never later than it came.</param>
/// <param name="Heard">When it came; when that is not known, when it happened.</param>
internal readonly record struct CountedEvent(
    EventSummary Summary, byte[] Json, int Partition, long Offset, DateTimeOffset Time, DateTimeOffset Heard)
{
    /// <summary>From capture to when it came; null when that is not known.</summary>
    public TimeSpan? Freshness { get; init; }

    /// <summary>As far as it can be believed; 0 otherwise.</summary>
    public double Joules { get; init; }

    /// <summary>CO2e of its energy.</summary>
    public double Grams { get; init; }
}

/// <summary>Where reading a partition goes on.</summary>
/// <param name="Log">The topic's id; empty where the broker has none.</param>
/// <param name="Next">The offset of the next message.</param>
/// <param name="WrittenAt">The time Kafka has for the message before it, milliseconds since 1970.</param>
internal readonly record struct Position(string Log, long Next, long WrittenAt);

/// <summary>What the messages of one partition amount to.</summary>
/// <param name="before">What is stored; null for a partition that is new.</param>
internal sealed class PartitionChange(Position? before)
{
    public Position? Before => before;
    public Position After { get; set; }
    public long Events { get; set; }
    public long Duplicates { get; set; }
    public long DeadLetters { get; set; }
    public long Persons { get; set; }
}

internal readonly record struct CountKey(int Seconds, long Start, string DeviceId) : IComparable<CountKey>
{
    public int CompareTo(CountKey other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds)
        : Start != other.Start ? Start.CompareTo(other.Start)
        : string.CompareOrdinal(DeviceId, other.DeviceId);
}

/// <summary>The sums of one device's minute or hour.</summary>
internal sealed class Counts
{
    public long Frames { get; private set; }
    public long Unchanged { get; private set; }
    public long Persons { get; private set; }
    public int PersonsMax { get; private set; }
    public long Faces { get; private set; }
    public long Poses { get; private set; }
    public double Joules { get; private set; }
    public double Grams { get; private set; }
    public long FreshnessCount { get; private set; }

    /// <summary>Seconds.</summary>
    public double FreshnessSum { get; private set; }

    /// <summary>Seconds.</summary>
    public double FreshnessMax { get; private set; }

    public void Add(in CountedEvent counted)
    {
        var summary = counted.Summary;
        Frames++;
        Unchanged += summary.Unchanged ? 1 : 0;
        Persons += summary.PersonsDetected;
        PersonsMax = Math.Max(PersonsMax, summary.PersonsDetected);
        Faces += summary.Faces;
        Poses += summary.Poses;
        Joules += counted.Joules;
        Grams += counted.Grams;
        if (counted.Freshness is { } freshness)
        {
            FreshnessCount++;
            FreshnessSum += freshness.TotalSeconds;
            FreshnessMax = Math.Max(FreshnessMax, freshness.TotalSeconds);
        }
    }
}

/// <summary>What the events of one device amount to, and the newest of them.</summary>
internal sealed class DeviceChange(in CountedEvent first)
{
    private readonly Queue<CountedEvent> _recent = [];

    public string DeviceId { get; } = first.Summary.DeviceId;

    /// <summary>Whether it had been silent for so long that what was known before is void.</summary>
    public bool BeginsAnew { get; init; }

    public DateTimeOffset FirstHeard { get; } = first.Heard;

    public DateTimeOffset Heard { get; private set; } = DateTimeOffset.MinValue;

    public int Partition { get; private set; }

    public long Events { get; private set; }

    public long Persons { get; private set; }

    public DateTimeOffset FirstSeen { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset LastSeen { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The event that happened last, which need not be the last to arrive.</summary>
    public EventSummary Newest { get; private set; }

    public IReadOnlyCollection<CountedEvent> Recent => _recent;

    public void Add(in CountedEvent counted, int kept)
    {
        Events++;
        Persons += counted.Summary.PersonsDetected;
        Partition = counted.Partition;
        _recent.Enqueue(counted);
        if (_recent.Count > kept)
            _recent.Dequeue();
        if (counted.Heard > Heard)
            Heard = counted.Heard;
        if (counted.Time < FirstSeen)
            FirstSeen = counted.Time;
        if (counted.Time >= LastSeen)
            (LastSeen, Newest) = (counted.Time, counted.Summary);
    }
}
