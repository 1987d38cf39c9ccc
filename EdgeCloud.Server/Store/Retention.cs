using System.Data.Common;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Store;

/// <summary>
/// Drops the counts and visits whose time has passed, a few at a time, so that who writes never waits for more than
/// these few, and measures what is left.
/// </summary>
internal sealed class Retention(
    EventStore store, StoreGauges gauges, IOptions<HistoryOptions> options, TimeProvider time) : BackgroundService
{
    private const int RowsAtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Drops all that has passed.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (seconds, keptFor) in options.Value.Buckets())
        {
            var before = now - keptFor - TimeSpan.FromSeconds(seconds);
            await RepeatAsync(() => store.Prune(seconds, before, RowsAtOnce), cancellationToken);
        }

        // There are few of them: they are kept as long as anything is.
        await RepeatAsync(() => store.PruneVisits(now - options.Value.HoursFor, RowsAtOnce), cancellationToken);
    }

    private async Task RepeatAsync(Func<int> prune, CancellationToken cancellationToken)
    {
        while (prune() == RowsAtOnce)
            await Task.Delay(Pause, time, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await PruneAsync(stoppingToken);
                gauges.Measure();
            }
            catch (DbException)
            {
                // Away; the store has said so.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
