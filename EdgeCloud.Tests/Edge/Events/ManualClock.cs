namespace EdgeCloud.Tests.Edge.Events;

/// <summary>A clock that goes on when the test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks;
    private long _setBy;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(GetTimestamp() + Interlocked.Read(ref _setBy));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    /// <summary>Sets the time of day forward or back, as a time server does; no time passes.</summary>
    public void Set(TimeSpan by) => Interlocked.Add(ref _setBy, by.Ticks);
}
