using System.Data.Common;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Store;

/// <summary>
/// Drops the counts whose time has passed, a few at a time, so that who writes never waits for more than these few.
/// </summary>
internal sealed class Retention(EventStore store, IOptions<HistoryOptions> options, TimeProvider time)
    : BackgroundService
{
    private const int RowsAtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Drops all that has passed.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (minutesFor, hoursFor) = (options.Value.MinutesFor, options.Value.HoursFor);
        foreach (var (seconds, keptFor) in ((int, TimeSpan)[])
            [(EventBatch.Minute, minutesFor), (EventBatch.FiveMinutes, minutesFor), (EventBatch.Hour, hoursFor)])
        {
            while (store.Prune(seconds, now - keptFor - TimeSpan.FromSeconds(seconds), RowsAtOnce) == RowsAtOnce)
                await Task.Delay(Pause, time, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (DbException)
            {
                // Away; the store has said so.
            }
        }
    }
}
