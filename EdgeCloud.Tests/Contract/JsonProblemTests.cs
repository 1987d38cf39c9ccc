using System.Text;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract;

public sealed class JsonProblemTests
{
    [Fact]
    public void The_reason_why_something_is_no_event_is_one_short_line_however_long_the_value()
    {
        Assert.False(DetectionEventJson.TryRead(
            Encoding.UTF8.GetBytes("{\"device_id\":t\r\n" + new string('x', 100_000)), out _, out var reason));

        Assert.StartsWith("Not a detection event: 't", reason, StringComparison.Ordinal);
        Assert.InRange(reason.Length, 1, 400);
        Assert.DoesNotContain(reason, char.IsControl);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_no_event_even_in_a_member_that_is_not_read()
    {
        byte[] value =
        [
            .. """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[],"""u8,
            .. "\"later\":\"X\"}"u8,
        ];
        Assert.True(DetectionEventJson.TryRead(value, out _, out _));

        value[^3] = 0xFF;

        Assert.False(DetectionEventJson.TryRead(value, out _, out var reason));
        Assert.Equal("The value is not UTF-8.", reason);
    }
}
