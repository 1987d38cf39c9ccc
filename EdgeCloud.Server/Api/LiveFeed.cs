using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Server.Api;

/// <summary>Hands each new event to every listener of GET /events. A listener that does not keep up loses the oldest, never the server its memory.</summary>
internal sealed class LiveFeed(TimeProvider time)
{
    private const int PendingPerListener = 256;

    /// <summary>Shorter than the idle time-outs of common proxies; also how a listener that went away is noticed.</summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    private static readonly byte[] NoData = "{}"u8.ToArray();

    private readonly ConcurrentDictionary<Channel<SseItem<byte[]>>, byte> _listeners = [];

    public int Listeners => _listeners.Count;

    public void Publish(in EventSummary summary, byte[] json)
    {
        if (_listeners.IsEmpty)
            return;
        var item = new SseItem<byte[]>(json, "detection") { EventId = summary.EventId?.ToString() };
        foreach (var listener in _listeners.Keys)
            listener.Writer.TryWrite(item);
    }

    /// <summary>
    /// Begins with an item of type ready, which makes the server answer at once and not with the first event; from then on nothing is missed.
    /// Items of type ping come when it is quiet.
    /// </summary>
    public async IAsyncEnumerable<SseItem<byte[]>> Listen([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<SseItem<byte[]>>(new BoundedChannelOptions(PendingPerListener) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners.TryAdd(channel, 0);
        try
        {
            using var ping = time.CreateTimer(_ => channel.Writer.TryWrite(new SseItem<byte[]>(NoData, "ping")), null, PingInterval, PingInterval);
            yield return new SseItem<byte[]>(NoData, "ready");
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
                yield return item;
        }
        finally
        {
            _listeners.TryRemove(channel, out _);
        }
    }
}
