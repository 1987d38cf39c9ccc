using System.ComponentModel;
using System.Diagnostics.Metrics;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Live;

/// <summary>
/// How many new events became visible in the last minute, and how fresh they were: a histogram for each of its seconds,
/// whose buckets grow by 5 %, from a tenth of a millisecond to three hours. Of a size that does not depend on the
/// traffic. Thread-safe.
/// </summary>
internal sealed class RecentEvents(IMeterFactory meters, TimeProvider time)
{
    private const int Seconds = 60;
    private const int RateSeconds = 10;
    private const int Buckets = 380;
    private const double FirstMilliseconds = 0.1;

    private static readonly double LogGrowth = Math.Log(1.05);

    /// <summary>From what a frame takes at least to what an edge without a connection may have stored.</summary>
    private static readonly InstrumentAdvice<double> FreshnessBuckets = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
    };

    private readonly Histogram<double> _measured = meters.Create(ServerTelemetry.Name).CreateHistogram(
        "edgecloud.freshness", "s",
        "Time from when a frame was captured, or else accepted at the edge, until its event was visible here",
        advice: FreshnessBuckets);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly int[] _events = new int[Seconds];
    private readonly int[,] _freshness = new int[Seconds, Buckets];

    /// <summary>The latest second with an event; the sixty up to it are kept.</summary>
    private long _latest;

    private long Now => (long)time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Of the last ten whole seconds.</summary>
    public double EventsPerSecond
    {
        get
        {
            var now = Now;
            lock (_lock)
                return Kept(now - RateSeconds, now - 1).Sum(second => _events[second]) / (double)RateSeconds;
        }
    }

    /// <summary>
    /// A new event that can be seen from now on. What was captured later than now has a clock of its own; nobody knows
    /// how fresh it is, and it is left out of the freshness.
    /// </summary>
    public void Add(in EventSummary summary)
    {
        var freshness = time.GetUtcNow() - (summary.CapturedAt ?? summary.Timestamp);
        var isKnown = freshness >= TimeSpan.Zero;
        if (isKnown)
            _measured.Record(freshness.TotalSeconds);

        lock (_lock)
        {
            Advance(Now);
            _events[_latest % Seconds]++;
            if (isKnown)
                _freshness[_latest % Seconds, BucketOf(freshness)]++;
        }
    }

    public FreshnessPercentiles Freshness()
    {
        var now = Now;
        var sums = new long[Buckets];
        lock (_lock)
        {
            foreach (var second in Kept(now - Seconds + 1, now))
            {
                for (var bucket = 0; bucket < Buckets; bucket++)
                    sums[bucket] += _freshness[second, bucket];
            }
        }

        var total = sums.Sum();
        return total == 0 ? default : new FreshnessPercentiles(At(0.5), At(0.95), At(0.99));

        double At(double share)
        {
            var rank = (long)Math.Ceiling(share * total);
            var bucket = 0;
            for (var below = sums[0]; below < rank; below += sums[bucket])
                bucket++;
            return Math.Round(FirstMilliseconds * Math.Exp((bucket + 0.5) * LogGrowth), 1);
        }
    }

    private static int BucketOf(TimeSpan freshness) =>
        (int)Math.Clamp(Math.Log(freshness.TotalMilliseconds / FirstMilliseconds) / LogGrowth, 0, Buckets - 1);

    /// <returns>Where the seconds from the first to the last are kept, as far as they are.</returns>
    private IEnumerable<long> Kept(long first, long last)
    {
        for (var second = Math.Max(first, 0); second <= Math.Min(last, _latest); second++)
            yield return second % Seconds;
    }

    private void Advance(long now)
    {
        for (var passed = Math.Max(_latest + 1, now - Seconds + 1); passed <= now; passed++)
        {
            _events[passed % Seconds] = 0;
            for (var bucket = 0; bucket < Buckets; bucket++)
                _freshness[passed % Seconds, bucket] = 0;
        }

        _latest = Math.Max(_latest, now);
    }
}

[Description("In milliseconds, to within 2.5 %; null when there is nothing to tell.")]
internal readonly record struct FreshnessPercentiles(
    [property: Description("Half were fresher.")]
    double? P50,
    [property: Description("19 of 20 were fresher.")]
    double? P95,
    [property: Description("99 of 100 were fresher.")]
    double? P99);
