using EdgeCloud.Server.Store;

namespace EdgeCloud.Tests.Server;

/// <summary>What can be asked of the history, and what is said of what cannot.</summary>
public sealed class HistoryQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 14, 3, 20, TimeSpan.Zero);

    [Theory]
    [InlineData("-24h", "now", "5m", "2026-11-27T14:00:00Z", "2026-11-28T14:05:00Z")]
    [InlineData("-90m", "now", "1m", "2026-11-28T12:33:00Z", "2026-11-28T14:04:00Z")]
    [InlineData("-7d", "-1d", "1h", "2026-11-21T14:00:00Z", "2026-11-27T15:00:00Z")]
    [InlineData("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "1d", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")]
    [InlineData("2026-11-01t10:00:01.5z", "2026-11-01 10:05:00Z", "5m", "2026-11-01T10:00:00Z", "2026-11-01T10:05:00Z")]
    public void Whole_buckets_are_answered(string from, string to, string bucket, string first, string end)
    {
        var query = Parse(new([], from, to, bucket));
        Assert.Equal((Time(first), Time(end)), (query.From, query.To));
    }

    [Theory]
    [InlineData("-1h", "1m")]
    [InlineData("-24h", "1m")]
    [InlineData("-72h", "5m")]
    [InlineData("-30d", "1h")]
    [InlineData("-700d", "1d")]
    public void Without_a_bucket_it_is_the_shortest_that_suits_a_chart(string from, string expected) =>
        Assert.Equal(expected, Parse(new([], from)).BucketName);

    [Fact]
    public void Without_anything_it_is_the_last_day_of_all_devices_together()
    {
        var query = Parse(new([]));
        Assert.Equal((Now.AddDays(-1).AddSeconds(-20), false, 0), (query.From, query.ByDevice, query.DeviceIds.Count));
    }

    [Theory]
    [InlineData("2026-11-27T00:00:00+02:00")]
    [InlineData("2026-11-27T00:00:00 02:00")]
    public void Days_are_those_of_the_offset_whether_or_not_its_plus_was_escaped(string from)
    {
        var query = Parse(new([], from, "2026-11-28T00:00:00+02:00", "1d"));
        Assert.Equal((Time("2026-11-26T22:00:00Z"), Time("2026-11-27T22:00:00Z")), (query.From, query.To));
        Assert.Equal(TimeSpan.FromHours(2), query.From.Offset);
    }

    [Theory]
    [InlineData("2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25)]
    [InlineData("2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23)]
    [InlineData("2026-11-28T12:00:00Z", "2026-11-27T23:00:00Z", 24)]
    public void Days_of_a_time_zone_have_the_hours_that_they_had(string within, string begin, int hours)
    {
        var query = Parse(new([], within, Time(within).AddMinutes(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), "1d", null,
            "Europe/Berlin"));
        Assert.Equal((Time(begin), TimeSpan.FromHours(hours)), (query.From, query.To - query.From));
    }

    [Fact]
    public void Several_devices_are_given_with_commas_or_again()
    {
        var query = Parse(new(["a,b", "c", "a"]) { By = "device" });
        Assert.Equal(["a", "b", "c"], query.DeviceIds);
        Assert.True(query.ByDevice);
    }

    [Theory]
    [InlineData("edge-1", "-1h", "now", "2m", null, null, "bucket must be 1m, 5m, 1h or 1d")]
    [InlineData("edge-1", "now", "-1h", "1m", null, null, "must be before to")]
    [InlineData("edge-1", "-1h", "-1h", "1m", null, null, "must be before to")]
    [InlineData("edge-1", "-29d", "now", "1m", null, null, "41,761 buckets of 1m|ask for bucket=5m, or 166.7 hours")]
    [InlineData("edge-1", "-365d", "now", "1m", null, null, "kept for 30 days; further back ask for bucket=1h")]
    [InlineData("edge-1", "-700d", "now", "1h", null, null, "buckets of 1h|ask for bucket=1d")]
    [InlineData("edge-1", "1970-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "1d", null, null, "ask for 240,000 hours")]
    [InlineData("'; DROP TABLE counts; --", "-1h", "now", "1m", null, null, "device_id must have 1 to 64 characters")]
    [InlineData("", "-1h", "now", "1m", null, null, "device_id must have")]
    [InlineData("edge-1", "yesterday", "now", "1m", null, null, "from must be a time of RFC 3339")]
    [InlineData("edge-1", "-1w", "now", "1m", null, null, "from must be a time")]
    [InlineData("edge-1", "-1h", "2026-13-01T00:00:00Z", "1m", null, null, "to must be a time")]
    [InlineData("edge-1", "0001-01-01T00:00:00Z", "now", "1d", null, null, "from must be a time")]
    [InlineData("edge-1", "-1h", "now", "1m", "persons", null, "by must be device")]
    [InlineData("edge-1", "-1h", "now", "1m", null, "Mars/Olympus", "time_zone must be one of the IANA database")]
    [InlineData("edge-1", "-2d", "now", "1d", null, "Asia/Kolkata", "not; ask for bucket=1h")]
    [InlineData("edge-1", "2026-11-27T00:00:00+99:00", "now", "1h", null, null, "from must be a time")]
    public void What_cannot_be_answered_is_refused_with_what_to_ask_instead(
        string device, string from, string to, string bucket, string? by, string? zone, string problem)
    {
        Assert.False(HistoryQuery.TryParse(
            new([device], from, to, bucket, by, zone), Now, TimeSpan.FromDays(30), out _, out var said));
        Assert.All(problem.Split('|'), part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    private static HistoryQuery Parse(HistoryParameters parameters)
    {
        Assert.True(
            HistoryQuery.TryParse(parameters, Now, TimeSpan.FromDays(30), out var query, out var problem), problem);
        return query;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text);
}
