using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract;

public sealed class DeviceIdTests
{
    [Theory]
    [InlineData("edge-1")]
    [InlineData("A")]
    [InlineData("lab.3_door:2")]
    public void Letters_digits_and_four_signs_are_accepted(string deviceId) => Assert.True(DeviceId.IsValid(deviceId));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("käfer")]
    [InlineData("a\n")]
    public void Anything_else_is_not(string? deviceId) => Assert.False(DeviceId.IsValid(deviceId));

    [Fact]
    public void The_length_ends_at_64()
    {
        Assert.True(DeviceId.IsValid(new string('a', 64)));
        Assert.False(DeviceId.IsValid(new string('a', 65)));
    }
}
