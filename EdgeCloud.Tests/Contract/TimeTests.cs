using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract;

public sealed class TimeTests
{
    [Theory]
    [InlineData("2025-12-30T15:14:34.678870Z")]
    [InlineData("2025-12-30T15:14:34.678870")]
    [InlineData("2025-12-30t15:14:34.678870z")]
    [InlineData("2025-12-30 15:14:34.678870+00:00")]
    [InlineData("2025-12-30T15:14:34.67887Z")]
    [InlineData("2025-12-30T15:14:34.678870999999999Z")]
    [InlineData("2025-12-30T16:44:34.678870+01:30")]
    [InlineData("2025-12-30T15:14:34.678870-00:00")]
    public void What_RFC_3339_and_the_first_version_write_is_read_as_UTC(string text)
    {
        Assert.True(Iso8601.TryParse(text, out var time));
        Assert.Equal("2025-12-30T15:14:34.678870Z", time.ToWireText());
    }

    [Fact]
    public void A_leap_second_is_the_one_after()
    {
        Assert.True(Iso8601.TryParse("2016-12-31T23:59:60Z", out var time));
        Assert.Equal("2017-01-01T00:00:00.000000Z", time.ToWireText());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2025-12-30")]
    [InlineData("2025-12-30T15:14")]
    [InlineData("2025-12-30T15:14:34.Z")]
    [InlineData("2025-12-30T15:14:61Z")]
    [InlineData("2025-13-30T15:14:34Z")]
    [InlineData("2025-12-30T15:14:34+25:00")]
    [InlineData("2025-12-30T15:14:34Z\n")]
    [InlineData("2025-12-30_15:14:34Z")]
    [InlineData("1767107674")]
    public void What_is_no_time_is_not_read(string? text) => Assert.False(Iso8601.TryParse(text, out _));
}
