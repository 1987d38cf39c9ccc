namespace EdgeCloud.Server.Devices;

/// <summary>
/// Persons in the events of the last hour, by the minute in which the events happened; what is older is let go. Not
/// thread-safe.
/// </summary>
internal sealed class PersonsByMinute
{
    public const int Minutes = 60;

    private readonly long[] _persons = new long[Minutes];

    /// <summary>The latest minute with an event, counted from the beginning of the calendar.</summary>
    private long _latest;

    public void Add(DateTimeOffset time, int persons)
    {
        var minute = MinuteOf(time);
        if (minute > _latest)
        {
            for (var passed = Math.Max(_latest + 1, minute - Minutes + 1); passed <= minute; passed++)
                _persons[passed % Minutes] = 0;
            _latest = minute;
        }

        if (minute > _latest - Minutes)
            _persons[minute % Minutes] += persons;
    }

    /// <summary>Adds the sixty minutes up to now to as many sums, the oldest first.</summary>
    public void AddTo(Span<long> sums, DateTimeOffset now)
    {
        var first = MinuteOf(now) - Minutes + 1;
        for (var i = 0; i < Minutes; i++)
        {
            var minute = first + i;
            if (minute <= _latest && minute > _latest - Minutes)
                sums[i] += _persons[minute % Minutes];
        }
    }

    private static long MinuteOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;
}
