using System.Buffers.Text;
using System.Data.Common;
using Confluent.Kafka;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// What has been handled and is not in the store yet, and which events are known, so that each counts once. For the
/// thread that reads Kafka alone.
/// </summary>
internal sealed class PendingEvents(
    EventStore store,
    IngestProgress progress,
    IntensityFeed intensity,
    IOptions<IngestOptions> options,
    IOptions<DeviceOptions> devices,
    TimeProvider time)
{
    private const double JoulesPerKwh = 3.6e6;

    /// <summary>
    /// What no frame takes, an hour of a hundred kilowatts: who says more says nothing, and a few of them would make a
    /// sum infinite.
    /// </summary>
    private const double MaxJoules = 3.6e8;

    private const int MaxMessages = 10_000;
    private const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>How long an event waits at most for those after it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, KnownEvents> _known = [];
    private readonly Dictionary<int, DateTimeOffset> _forgotAt = [];
    private readonly EventBatch _batch = store.CreateBatch();
    private long _started;

    /// <summary>How many events of a partition are known.</summary>
    public int Window => devices.Value.DeduplicationWindow;

    public bool Any => _batch.Messages > 0;

    /// <summary>Whether enough is there to be written, or has been there for long enough.</summary>
    public bool IsFull => Any && (_batch.Messages >= MaxMessages || _batch.Bytes >= MaxBytes
        || time.GetElapsedTime(_started) >= MaxAge);

    /// <summary>Where reading goes on, by partition. Waits for a store that is away: without it nobody knows.</summary>
    public Dictionary<int, Position> Positions(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return store.Positions(options.Value.Topic);
            }
            catch (DbException)
            {
                progress.WaitForStore();
                Wait(cancellationToken);
            }
        }
    }

    /// <summary>Knows no event of a partition any more: they are read again.</summary>
    public void Forget(int partition) => _known.Remove(partition);

    /// <summary>Forgets all, and throws away what is not written.</summary>
    public void Discard()
    {
        _batch.Clear();
        _known.Clear();
    }

    /// <summary>Drops the devices of a partition that have not been heard of for too long, each minute.</summary>
    public void ReachedEnd(int partition)
    {
        var now = time.GetUtcNow();
        if (now - _forgotAt.GetValueOrDefault(partition) < ForgetInterval)
            return;
        _forgotAt[partition] = now;
        try
        {
            store.ForgetSilent(partition);
        }
        catch (DbException)
        {
            // Away; the store has said so. There is another minute.
        }
    }

    /// <summary>Notes that an event is known, as its CloudEvents header says in a tenth of the time.</summary>
    public void Recall(ConsumeResult<byte[], byte[]> result)
    {
        Guid? eventId =
            result.Message.Headers?.TryGetLastBytes(DetectionTopic.IdHeader, out var header) == true
                && Utf8Parser.TryParse(header, out Guid id, out var length) && length == header.Length ? id
            : DetectionEventJson.TrySummarize(
                DetectionEventJson.WithoutMark(result.Message.Value), out var summary, out _) ? summary.EventId
            : null;
        Known(result.Partition).TryAdd(eventId);
    }

    /// <summary>Goes on behind a message.</summary>
    /// <returns>What it changes besides.</returns>
    public PartitionChange Change(ConsumeResult<byte[], byte[]> result)
    {
        if (!Any)
            _started = time.GetTimestamp();
        return _batch.Handled(
            result.Partition, progress.Stored(result.Partition),
            new Position(progress.Log, result.Offset + 1, result.Message.Timestamp.UnixTimestampMs));
    }

    /// <summary>Counts an event and goes on behind it.</summary>
    /// <returns>False for an event that was counted before.</returns>
    public bool TryAdd(
        ConsumeResult<byte[], byte[]> result, in EventSummary summary, byte[] json, DateTimeOffset? arrived)
    {
        var change = Change(result);
        var known = Known(result.Partition);
        if (!known.TryAdd(summary.EventId))
        {
            change.Duplicates++;
            return false;
        }

        var now = time.GetUtcNow();
        var happened = known.Believe(summary.Timestamp, now, arrived);
        var freshness = arrived - (summary.CapturedAt ?? summary.Timestamp);
        var joules = summary.EnergyJoules is { } said and >= 0 and <= MaxJoules ? said : 0;
        var counted = new CountedEvent(summary, json, result.Partition, result.Offset, happened, arrived ?? happened)
        {
            Freshness = freshness >= TimeSpan.Zero ? freshness : null,
            Joules = joules,
            Grams = joules / JoulesPerKwh * intensity.Current.GramsPerKwh,
        };
        _batch.Add(change, counted, now);
        return true;
    }

    /// <summary>Writes all of it; while the store is away, tries again until cancelled.</summary>
    /// <returns>The positions, by partition.</returns>
    /// <exception cref="PositionException">Another server has read on from a position meanwhile.</exception>
    /// <exception cref="OperationCanceledException">It is to stop, and the store is away.</exception>
    public IReadOnlyDictionary<int, Position> Write(CancellationToken cancellationToken)
    {
        while (!TryWrite())
            Wait(cancellationToken);
        var positions = _batch.Partitions.ToDictionary(each => each.Key, each => each.Value.After);
        foreach (var (partition, position) in positions)
            progress.NoteStored(partition, position);
        _batch.Clear();
        return positions;
    }

    private static void Wait(CancellationToken cancellationToken)
    {
        if (cancellationToken.WaitHandle.WaitOne(RetryDelay))
            cancellationToken.ThrowIfCancellationRequested();
    }

    private bool TryWrite()
    {
        try
        {
            store.Write(_batch, options.Value.Topic);
            return true;
        }
        catch (DbException)
        {
            // The store has said so.
            return false;
        }
    }

    private KnownEvents Known(int partition)
    {
        if (!_known.TryGetValue(partition, out var known))
            _known.Add(partition, known = new KnownEvents(Window));
        return known;
    }
}
