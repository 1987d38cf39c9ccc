using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Server.Api;

/// <summary>Hands each new event to every listener of GET /events. A listener that does not keep up loses the oldest, never the server its memory.</summary>
internal sealed class LiveFeed
{
    private const int PendingPerListener = 256;

    private readonly ConcurrentDictionary<Channel<SseItem<byte[]>>, byte> _listeners = [];

    public void Publish(DetectionEvent detectionEvent, byte[] json)
    {
        if (_listeners.IsEmpty)
            return;
        var item = new SseItem<byte[]>(json, "detection") { EventId = detectionEvent.EventId?.ToString() };
        foreach (var listener in _listeners.Keys)
            listener.Writer.TryWrite(item);
    }

    public async IAsyncEnumerable<SseItem<byte[]>> Listen([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<SseItem<byte[]>>(new BoundedChannelOptions(PendingPerListener) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners.TryAdd(channel, 0);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
                yield return item;
        }
        finally
        {
            _listeners.TryRemove(channel, out _);
        }
    }
}
