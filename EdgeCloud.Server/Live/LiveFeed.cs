using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;

namespace EdgeCloud.Server.Live;

/// <summary>
/// Makes new events visible, to every listener: those of GET /events, and those of GET /live. One that does not keep up
/// loses the oldest, never the server its memory.
/// </summary>
internal sealed class LiveFeed : IDisposable
{
    private const int PendingPerListener = 256;

    /// <summary>
    /// Shorter than the idle time-outs of common proxies; also how a listener that went away is noticed.
    /// </summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    private static readonly byte[] NoData = "{}"u8.ToArray();

    private readonly ConcurrentDictionary<Action<LiveEvent>, byte> _listeners = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly RecentEvents _recent;
    private readonly TimeProvider _time;

    public LiveFeed(RecentEvents recent, IMeterFactory meters, TimeProvider time)
    {
        (_recent, _time) = (recent, time);
        meters.Create(ServerTelemetry.Name).CreateObservableUpDownCounter(
            "edgecloud.live.clients", () => Listeners, "{client}", "Listeners of the live stream");
    }

    /// <summary>
    /// How far the events of each partition have been made visible here. Locked while some are counted and made
    /// visible, so that each is once, whoever counts it.
    /// </summary>
    public Dictionary<int, Position> Shown { get; } = [];

    public int Listeners => _listeners.Count;

    /// <summary>Cancelled when no more events will come.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>
    /// Ends every stream. A server that is to stop would wait for those who listen, and they for it, until its patience
    /// ends.
    /// </summary>
    public void Close() => _closed.Cancel();

    public void Dispose() => _closed.Dispose();

    public void Publish(in EventSummary summary, byte[] json)
    {
        if (!_listeners.IsEmpty)
        {
            var live = new LiveEvent(summary.EventId, json, _time.GetUtcNow());
            foreach (var listener in _listeners.Keys)
                listener(live);
        }

        _recent.Add(summary);
    }

    /// <param name="listener">Called for each event on the thread that reads Kafka, so it must neither wait nor
    /// throw.</param>
    /// <returns>Ends it.</returns>
    public IDisposable Subscribe(Action<LiveEvent> listener)
    {
        _listeners.TryAdd(listener, 0);
        return new Subscription(this, listener);
    }

    /// <summary>
    /// Begins with an item of type ready, which makes the server answer at once and not with the first event; from then
    /// on nothing is missed. Items of type ping come when it is quiet.
    /// </summary>
    public async IAsyncEnumerable<SseItem<byte[]>> Listen([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<SseItem<byte[]>>(
            new BoundedChannelOptions(PendingPerListener) { FullMode = BoundedChannelFullMode.DropOldest });
        using var subscription = Subscribe(live =>
            channel.Writer.TryWrite(new(live.Json, "detection") { EventId = live.EventId?.ToString() }));
        using var ping = _time.CreateTimer(
            _ => channel.Writer.TryWrite(new(NoData, "ping")), null, PingInterval, PingInterval);
        using var end = Closed.Register(() => channel.Writer.TryComplete());
        yield return new SseItem<byte[]>(NoData, "ready");
        await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            yield return item;
    }

    private sealed class Subscription(LiveFeed feed, Action<LiveEvent> listener) : IDisposable
    {
        public void Dispose() => feed._listeners.TryRemove(listener, out _);
    }
}

/// <param name="Json">As it came.</param>
/// <param name="VisibleAt">When it was counted here, and so could be seen.</param>
internal sealed record LiveEvent(Guid? EventId, byte[] Json, DateTimeOffset VisibleAt);
