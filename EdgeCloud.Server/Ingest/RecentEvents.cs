namespace EdgeCloud.Server.Ingest;

/// <summary>
/// How many new events became visible in the last minute, and how fresh they were: a histogram for each of its seconds, whose buckets grow by 5 %, from a
/// tenth of a millisecond to three hours. Of a size that does not depend on the traffic. Thread-safe.
/// </summary>
internal sealed class RecentEvents(TimeProvider time)
{
    private const int Seconds = 60;
    private const int RateSeconds = 10;
    private const int Buckets = 380;
    private const double FirstMilliseconds = 0.1;

    private static readonly double LogGrowth = Math.Log(1.05);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly int[] _events = new int[Seconds];
    private readonly int[,] _freshness = new int[Seconds, Buckets];
    private long _second;

    /// <summary>Of the last ten whole seconds.</summary>
    public double EventsPerSecond
    {
        get
        {
            lock (_lock)
            {
                Advance();
                var events = 0;
                for (var ago = 1; ago <= RateSeconds; ago++)
                    events += _events[(_second - ago + Seconds) % Seconds];
                return events / (double)RateSeconds;
            }
        }
    }

    /// <param name="freshness">Null when it is not known.</param>
    public void Add(TimeSpan? freshness)
    {
        lock (_lock)
        {
            Advance();
            _events[_second % Seconds]++;
            if (freshness is { } known)
                _freshness[_second % Seconds, BucketOf(known)]++;
        }
    }

    public FreshnessPercentiles Freshness()
    {
        var sums = new long[Buckets];
        lock (_lock)
        {
            Advance();
            for (var second = 0; second < Seconds; second++)
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

    private void Advance()
    {
        var now = (long)time.GetElapsedTime(_start).TotalSeconds;
        for (var passed = Math.Max(_second + 1, now - Seconds + 1); passed <= now; passed++)
        {
            _events[passed % Seconds] = 0;
            for (var bucket = 0; bucket < Buckets; bucket++)
                _freshness[passed % Seconds, bucket] = 0;
        }

        _second = Math.Max(_second, now);
    }
}

/// <summary>In milliseconds, to within 2.5 %; null when there is nothing to tell.</summary>
internal readonly record struct FreshnessPercentiles(double? P50, double? P95, double? P99);
