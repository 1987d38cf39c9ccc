using System.Text;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract;

/// <summary>
/// What no writer of version 1 can have meant, member by member; and what a reader must take all the same.
/// </summary>
public sealed class RefusedEventTests
{
    private const string Whole =
        """
        {"device_id":"edge-1","timestamp":"2025-12-30T15:14:34.678870Z","persons_detected":1,
        "faces":[{"conf":0.9,"xmin":0.1,"ymin":0.2,"width":0.3,"height":0.4,
        "keypoints":{"right_eye":[0.5,0.3],"left_eye":[0.6,0.3],"nose_tip":[0.5,0.4],"mouth_center":[0.5,0.5],
        "right_ear_tragion":[0.4,0.4],"left_ear_tragion":[0.7,0.4]},"model":"short"}],
        "event_id":"019b7033-f6d6-7000-8000-0123456789ab","schema":"edgecloud.detection/1",
        "frame":{"sequence":41,"width":640,"height":480},"captured_at":"2025-12-30T15:14:34Z",
        "poses":[{"conf":0.99,"confirmed_by_face":true,"landmarks":[[0.59,0.45,-0.3,0.99]],
        "world_landmarks":[[0.1,-0.2,0.3]]}],"timing_ms":{"decode":0.9,"face":0.7,"pose":3.8,"total":5.4},
        "energy_joules":0.0065,"unchanged":true,"next_frame_ms":1000,"outbox_events":3,"source":"rtsp"}
        """;

    [Theory]
    [InlineData("\"persons_detected\":1", "\"persons_detected\":2", "only when a face is")]
    [InlineData("\"persons_detected\":1", "\"persons_detected\":-1", "persons_detected")]
    [InlineData("\"persons_detected\":1", "\"persons_detected\":1.5", "persons_detected")]
    [InlineData("\"persons_detected\":1", "\"persons_detected\":\"1\"", "persons_detected")]
    [InlineData("\"persons_detected\":1", "\"persons_detected\":99999999999", "persons_detected")]
    [InlineData("\"conf\":0.9,", "\"conf\":NaN,", "invalid")]
    [InlineData("\"conf\":0.9,", "\"conf\":\"NaN\",", "conf")]
    [InlineData("\"conf\":0.9,", "\"conf\":1e999,", "faces[0].conf")]
    [InlineData("\"conf\":0.9,", "\"conf\":1.00001,", "faces[0].conf")]
    [InlineData("\"conf\":0.9,", "\"conf\":-0.00001,", "faces[0].conf")]
    [InlineData("\"conf\":0.9,", "", "faces[0].conf")]
    [InlineData("\"xmin\":0.1", "\"xmin\":10.5", "faces[0] has a box")]
    [InlineData("\"ymin\":0.2,", "", "faces[0] has a box")]
    [InlineData("\"height\":0.4", "\"height\":-0.4", "faces[0] has a box")]
    [InlineData("\"nose_tip\":[0.5,0.4],", "", "keypoints")]
    [InlineData("[0.6,0.3]", "[0.6]", "keypoints")]
    [InlineData("[0.6,0.3]", "[0.6,11]", "keypoints")]
    [InlineData("[0.6,0.3]", "[0.6,0.3,0.3]", "keypoints")]
    [InlineData("\"model\":\"short\"", "\"model\":\"long\"", "faces[0].model is neither short nor full")]
    [InlineData("\"model\":\"short\"", "\"model\":\"Full\"", "faces[0].model is neither short nor full")]
    [InlineData("\"model\":\"short\"", "\"model\":1", "model is a number")]
    [InlineData("\"model\":\"short\"", "\"track_id\":0", "track_id is not a whole number")]
    [InlineData("\"model\":\"short\"", "\"track_id\":1.5", "track_id is not a whole number")]
    [InlineData("\"model\":\"short\"", "\"track_id\":\"1\"", "track_id is a string")]
    [InlineData("edgecloud.detection/1", "edgecloud.detection/2", "schema")]
    [InlineData("edgecloud.detection/1", "edgecloud.detection/1.x", "schema")]
    [InlineData("edgecloud.detection/1", "edgecloud.detection/1.", "schema")]
    [InlineData("edgecloud.detection/1", "somebody.elses/1", "schema")]
    [InlineData("019b7033-f6d6-7000-8000-0123456789ab", "41", "event_id")]
    [InlineData("019b7033-f6d6-7000-8000-0123456789ab", "00000000-0000-0000-0000-000000000000", "event_id")]
    [InlineData("\"sequence\":41", "\"sequence\":-1", "frame.sequence")]
    [InlineData("\"width\":640", "\"width\":0", "frame.width")]
    [InlineData("\"height\":480}", "\"height\":1e9}", "frame.height")]
    [InlineData(",\"height\":480}", "}", "frame.height")]
    [InlineData("\"2025-12-30T15:14:34Z\"", "\"lately\"", "captured_at")]
    [InlineData("\"conf\":0.99", "\"conf\":2", "poses[0].conf")]
    [InlineData("-0.3,0.99]", "-0.3,1.01]", "visibility")]
    [InlineData("[[0.59,0.45,", "[[0.59,101,", "landmarks")]
    [InlineData("[[0.1,-0.2,0.3]]", "[[0.1,-0.2,1e300]]", "world_landmarks")]
    [InlineData("\"confirmed_by_face\":true", "\"confirmed_by_face\":1", "confirmed_by_face")]
    [InlineData("\"decode\":0.9", "\"decode\":-0.9", "timing_ms")]
    [InlineData("\"decode\":0.9", "\"decode\":1e400", "timing_ms")]
    [InlineData("\"decode\":0.9,", "", "timing_ms")]
    [InlineData("0.0065", "\"0.0065\"", "energy_joules")]
    [InlineData("0.0065", "1e400", "energy_joules")]
    [InlineData("\"next_frame_ms\":1000", "\"next_frame_ms\":-1", "next_frame_ms")]
    [InlineData("\"outbox_events\":3", "\"outbox_events\":-3", "outbox_events")]
    [InlineData("\"outbox_events\":3", "\"outbox_events\":0.5", "outbox_events")]
    [InlineData("\"source\":\"rtsp\"", "\"source\":\"RTSP\"", "source is neither rtsp, http, file nor video")]
    [InlineData("\"source\":\"rtsp\"", "\"source\":0", "source is a number")]
    [InlineData("\"source\":\"rtsp\"}", "\"source\":\"rtsp\"}{}", "Not a detection event")]
    [InlineData("edge-1", "\\ud800", "Not a detection event")]
    public void A_member_out_of_its_range_is_refused_by_its_name(string member, string replacement, string expected)
    {
        Assert.Contains(member, Whole, StringComparison.Ordinal);
        Assert.False(DetectionEventJson.TrySummarize(
            Encoding.UTF8.GetBytes(Whole.Replace(member, replacement, StringComparison.Ordinal)),
            out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"persons_detected\":1", "\"persons_detected\":0")]
    [InlineData("\"xmin\":0.1", "\"xmin\":-10")]
    [InlineData("\"conf\":0.9,", "\"conf\":1.0,")]
    [InlineData("\"conf\":0.9,", "\"conf\":0,")]
    [InlineData("edgecloud.detection/1", "edgecloud.detection/1.12")]
    [InlineData("\"schema\":\"edgecloud.detection/1\"", "\"schema\":null")]
    [InlineData("-0.3,0.99]", "-0.3,1]")]
    [InlineData("[[0.59,0.45,", "[[-99,100,")]
    [InlineData("\"frame\":{", "\"frame\":{\"depth\":[1],")]
    [InlineData("\"decode\":0.9", "\"decode\":0.9,\"track\":\"none\"")]
    [InlineData("\"nose_tip\"", "\"chin\":null,\"nose_tip\"")]
    [InlineData("\"model\":\"short\"", "\"model\":\"full\"")]
    [InlineData("\"model\":\"short\"", "\"model\":null")]
    [InlineData(",\"model\":\"short\"", "")]
    [InlineData("\"model\":\"short\"", "\"track_id\":7")]
    [InlineData("\"model\":\"short\"", "\"track_id\":null")]
    [InlineData("\"poses\":[{", "\"poses\":[{\"hands\":{},")]
    [InlineData("\"device_id\"", "\"NaN\":\"NaN\",\"energy_joules\":-1,\"device_id\"")]
    public void What_is_in_range_or_not_known_to_version_1_is_taken(string member, string replacement)
    {
        Assert.Contains(member, Whole, StringComparison.Ordinal);
        Assert.True(
            DetectionEventJson.TrySummarize(
                Encoding.UTF8.GetBytes(Whole.Replace(member, replacement, StringComparison.Ordinal)),
                out _, out var reason), reason);
    }

    [Fact]
    public void The_summary_says_what_the_event_says()
    {
        Assert.True(DetectionEventJson.TrySummarize(Encoding.UTF8.GetBytes(Whole), out var summary, out _));
        Assert.True(DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(Whole), out var read, out _));
        Assert.Equal(
            new EventSummary(
                read.DeviceId, read.Timestamp, read.PersonsDetected, read.EventId, read.Frame, read.CapturedAt,
                read.OutboxEvents, read.Unchanged!.Value, read.Faces.Count, read.Poses!.Count, read.EnergyJoules),
            summary);
        Assert.Equal(
            new EventSummary(
                "edge-1", new DateTimeOffset(2025, 12, 30, 15, 14, 34, 678, 870, TimeSpan.Zero), 1,
                new Guid("019b7033-f6d6-7000-8000-0123456789ab"), new FrameInfo(41, 640, 480),
                new DateTimeOffset(2025, 12, 30, 15, 14, 34, TimeSpan.Zero), 3, Unchanged: true, Faces: 1, Poses: 1,
                EnergyJoules: 0.0065),
            summary);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_wherever_they_are()
    {
        var json = Encoding.UTF8.GetBytes(
            Whole.Replace("\"device_id\"", "\"mood\":\"?\",\"device_id\"", StringComparison.Ordinal));
        json[Array.IndexOf(json, (byte)'?')] = 0xFF;
        Assert.False(DetectionEventJson.TrySummarize(json, out _, out var reason));
        Assert.Contains("UTF-8", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void An_event_has_a_largest_size(int bytesMore, bool taken)
    {
        var padding = new string(' ', DetectionEventJson.MaxBytes - Encoding.UTF8.GetByteCount(Whole) + bytesMore);
        Assert.Equal(taken, DetectionEventJson.TrySummarize(Encoding.UTF8.GetBytes(Whole + padding), out _, out _));
    }

    /// <summary>Whoever asks the server for events reads them in a list, or in a list of an object.</summary>
    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void An_event_is_nested_so_deep_that_a_list_of_events_can_still_be_read(int levels, bool taken)
    {
        var nested = new string('[', levels) + new string(']', levels);
        var json = Whole.Replace("\"device_id\"", $"\"more\":{nested},\"device_id\"", StringComparison.Ordinal);

        Assert.Equal(taken, DetectionEventJson.TrySummarize(Encoding.UTF8.GetBytes(json), out _, out var reason));
        if (taken)
            JsonDocument.Parse($$"""{"events":[{{json}}]}""").Dispose();
        else
            Assert.Contains("60", reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// The two ways of reading must not part: what the quick one takes, the whole one takes, and nothing throws.
    /// </summary>
    [Fact]
    public void Whatever_is_taken_can_be_read_whole_and_nothing_throws()
    {
        var whole = Encoding.UTF8.GetBytes(Whole);
        byte[] interesting = [.. "0123456789eE+-.,:[]{}\"\\ntu\0 "u8, 0x80, 0xFF];
        var random = new Random(20260102);
        var taken = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var mutated = whole.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
                mutated[random.Next(mutated.Length)] = interesting[random.Next(interesting.Length)];
            if (random.Next(10) == 0)
                mutated = mutated[..random.Next(mutated.Length)];
            if (DetectionEventJson.TrySummarize(mutated, out _, out _))
            {
                Assert.True(DetectionEventJson.TryRead(mutated, out _, out var reason), reason);
                taken++;
            }
        }

        Assert.InRange(taken, 1000, 19_000);
    }
}
