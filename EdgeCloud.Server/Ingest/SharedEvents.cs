using System.Data.Common;
using EdgeCloud.Server.Live;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Makes visible here what other servers have counted, where they share a store: it is looked at a few times a second
/// for positions that have moved, and the events before them are read.
/// </summary>
internal sealed class SharedEvents(
    EventStore store, LiveFeed feed, IOptions<IngestOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private bool _hasLooked;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.Engine.IsShared)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Look();
            }
            catch (DbException)
            {
                // Away; the store has said so. What comes meanwhile is seen later.
            }
        }
    }

    /// <summary>Makes visible what others have counted until now.</summary>
    /// <exception cref="DbException">The engine is away.</exception>
    public void Look()
    {
        if (!store.Engine.IsShared)
            return;
        lock (feed.Shown)
        {
            foreach (var (partition, position) in store.Positions(options.Value.Topic))
            {
                // What came before anybody looked is no news, and neither is another log's beginning.
                var isShown = feed.Shown.TryGetValue(partition, out var shown)
                    ? shown.Log != position.Log || shown.Next >= position.Next
                    : !_hasLooked;
                if (!isShown)
                    Publish(partition, shown.Next, position.Next);
                feed.Shown[partition] = position;
            }

            _hasLooked = true;
        }
    }

    private void Publish(int partition, long from, long to)
    {
        var packets = store.Read(
            """
            SELECT last_number, happened, events FROM packets
            WHERE partition_number = @partition AND last_offset >= @from AND last_offset < @to ORDER BY last_offset
            """,
            static row => new EventPacket(
                row.GetInt64(0), UnixTime.FromUnixMicroseconds(row.GetInt64(1)), row.GetFieldValue<byte[]>(2)),
            ("partition", partition), ("from", from), ("to", to));
        foreach (var recent in packets.SelectMany(static packet => packet.Split(long.MinValue)))
            feed.Publish(recent.Summary, recent.Json);
    }
}
