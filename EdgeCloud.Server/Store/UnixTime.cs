namespace EdgeCloud.Server.Store;

/// <summary>Times as the store has them.</summary>
internal static class UnixTime
{
    /// <summary>Microseconds since the beginning of 1970 in UTC.</summary>
    public static long ToUnixMicroseconds(this DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromUnixMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
