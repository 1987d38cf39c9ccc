using EdgeCloud.Contract;
using EdgeCloud.Edge.Outbox;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Presence;

/// <summary>
/// Tells who came, stays and went (docs/adr/0028): compares what there is of each visit with what was told, and stores
/// what is missing, until it is kept. What an edge that was killed had told as begun is told as lost first.
/// </summary>
internal sealed partial class PresenceWriter(
    People people, EventOutbox outbox, PresenceMetrics metrics, IOptions<PresenceOptions> options, TimeProvider time,
    ILogger<PresenceWriter> logger) : BackgroundService
{
    private const int AtOnce = 256;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Queue<PresenceEvent> _lost = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        people.Stop();

        // As long as the outbox takes it; what it does not take, the next start tells.
        while (!cancellationToken.IsCancellationRequested && await TellAsync() > 0)
        {
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Enabled)
            FindLost();
        using var timer = time.CreateTimer(_ => people.Wake(), null, TimeSpan.Zero, Interval);
        while (true)
        {
            await people.WaitAsync(stoppingToken);
            while (await TellAsync() == AtOnce)
            {
            }
        }
    }

    private void FindLost()
    {
        foreach (var json in outbox.OpenPresences)
        {
            if (PresenceEventJson.TryRead(json, out var presence, out var reason))
                _lost.Enqueue(presence);
            else
                Log.Unreadable(logger, reason);
        }

        if (_lost.Count > 0)
            Log.Lost(logger, _lost.Count);
    }

    /// <summary>Not to be interrupted: what is stored must be known to be.</summary>
    /// <returns>How many were kept.</returns>
    private async Task<int> TellAsync()
    {
        var kept = 0;
        while (_lost.TryPeek(out var open))
        {
            var now = time.GetUtcNow().ToMicroseconds();
            var stored = await outbox.StoreAsync(open with
            {
                Timestamp = now,
                Type = PresenceType.Ended,
                EventId = Guid.CreateVersion7(now),
                Reason = PresenceEnd.Lost,
            });
            if (stored.Problem is not null)
                return kept;
            metrics.Ended(PresenceEnd.Lost, dwell: null);
            _lost.Dequeue();
            kept++;
        }

        var tellings = people.ToTell(time.GetElapsedTime(0), AtOnce);
        if (tellings.Count == 0)
            return kept;

        // One after the other into the outbox, which stores together what waits together.
        var storing = tellings.Select(telling => outbox.StoreAsync(telling.Presence)).ToArray();
        await Task.WhenAll(storing);
        Telling[] told = [.. tellings.Where((_, i) => storing[i].Result.Problem is null)];
        people.Told(told, time.GetElapsedTime(0));
        return kept + told.Length;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information, "{Visits} visits had begun when the edge ended; they are told as lost")]
        public static partial void Lost(ILogger logger, int visits);

        [LoggerMessage(
            2, LogLevel.Warning, "What the outbox has of a visit cannot be read, and its end is not told: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
