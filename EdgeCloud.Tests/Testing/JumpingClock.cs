namespace EdgeCloud.Tests.Testing;

/// <summary>
/// The system's clock, set to another time now and then, as a time server does; no time passes. FakeTimeProvider has
/// one time for both: its AdjustTime moves GetTimestamp along.
/// </summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

    public void Jump(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
