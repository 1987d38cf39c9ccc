using System.Data.Common;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeCloud.Server.Live;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Api;

/// <summary>
/// What the live page follows, GET /live: events a few times a second in one message instead of one each, and the
/// totals once a second, so that a hundred devices cost a browser little. The next message is made when the last has
/// been taken, so a browser that is slow gets fewer of them and is told how many events it missed.
/// </summary>
internal sealed class LiveStream(LiveFeed feed, TimeProvider time, IOptions<JsonOptions> json)
{
    /// <summary>Half a second of a hundred devices' frames at 5 a second, twice over.</summary>
    private const int MaxEvents = 500;

    private const int MaxBytes = 2 * 1024 * 1024;

    private const int BatchesPerStatus = 5;

    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Items of type status (<see cref="LiveStatus"/>), the first at once, and of type events (<see cref="LiveBatch"/>)
    /// whenever there are some.
    /// </summary>
    public async IAsyncEnumerable<SseItem<byte[]>> Watch(
        Func<LiveStatus> status, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var backlog = new LiveBacklog(MaxEvents, MaxBytes);
        using var subscription = feed.Subscribe(backlog.Add);
        using var timer = new PeriodicTimer(BatchInterval, time);
        using var end = feed.Closed.Register(timer.Dispose);
        var untilStatus = 0;
        do
        {
            var batch = backlog.Take();
            if (batch.Events.Length > 0)
                yield return new SseItem<byte[]>(batch.Write(), "events");
            if (untilStatus-- > 0)
                continue;
            untilStatus = BatchesPerStatus - 1;
            if (Write(status) is { } written)
                yield return new SseItem<byte[]>(written, "status");
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <returns>Null while the store is away; events go on.</returns>
    private byte[]? Write(Func<LiveStatus> status)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(status(), json.Value.SerializerOptions);
        }
        catch (DbException)
        {
            return null;
        }
    }
}
