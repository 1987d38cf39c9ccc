using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Edge:Inference:FaceThreshold", "1.5")]
    [InlineData("Edge:Inference:FaceRange", "7")]
    [InlineData("Edge:Inference:MaxConcurrency", "-1")]
    [InlineData("Edge:Frames:MaxPixels", "0")]
    [InlineData("Edge:Frames:DefaultDeviceId", "a b")]
    [InlineData("Edge:Frames:FrameInterval", "00:00:00")]
    [InlineData("Edge:Events:Topic", "not a topic")]
    public void A_bad_value_ends_the_start_with_a_message_that_names_the_key(string key, string value)
    {
        using var application = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?> { [key] = value });
        var exception = Assert.Throws<OptionsValidationException>(application.StartServer);
        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_the_wrong_type_is_named_with_its_key()
    {
        using var application = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?> { ["Edge:Inference:FaceThreshold"] = "high" });
        var exception = Assert.ThrowsAny<Exception>(application.StartServer);
        Assert.Contains("Edge:Inference:FaceThreshold", exception.Message, StringComparison.Ordinal);
    }
}
