using System.Text;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract;

public sealed class WireFormTests
{
    private const string Golden =
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34.678870Z","persons_detected":1,"faces":"""
        + """[{"conf":0.93357,"xmin":0.503125,"ymin":0.3125,"width":0.2140625,"height":0.285417,"keypoints":"""
        + """{"right_eye":[0.55,0.39],"left_eye":[0.63,0.39],"nose_tip":[0.59,0.45],"mouth_center":"""
        + """[0.59,0.5],"right_ear_tragion":[0.5,0.4],"left_ear_tragion":[0.69,0.4]}}]"""
        + ""","event_id":"019b7033-f6d6-7000-8000-0123456789ab","schema":"edgecloud.detection/1","frame":"""
        + """{"sequence":41,"width":640,"height":480},"poses":"""
        + """[{"conf":0.99,"confirmed_by_face":true,"landmarks":[[0.59,0.45,-0.3,0.99]]}],"timing_ms":"""
        + """{"decode":0.9,"face":0.7,"pose":8.6,"total":10.4},"energy_joules":0.016,"next_frame_ms":1000}""";

    private const string FirstVersion =
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34.678870","persons_detected":1,"faces":"""
        + """[{"conf":0.93357,"xmin":0.503125,"ymin":0.3125,"width":0.2140625,"height":0.285417}]}""";

    private static readonly DetectionEvent Example = new()
    {
        DeviceId = "edge-1",
        Timestamp = new DateTimeOffset(2025, 12, 30, 15, 14, 34, TimeSpan.Zero).AddMicroseconds(678870),
        PersonsDetected = 1,
        Faces =
        [
            new Face
            {
                Conf = 0.93357,
                Xmin = 0.503125,
                Ymin = 0.3125,
                Width = 0.2140625,
                Height = 0.285417,
                Keypoints = new FaceKeypoints
                {
                    RightEye = new Point(0.55, 0.39),
                    LeftEye = new Point(0.63, 0.39),
                    NoseTip = new Point(0.59, 0.45),
                    MouthCenter = new Point(0.59, 0.5),
                    RightEarTragion = new Point(0.5, 0.4),
                    LeftEarTragion = new Point(0.69, 0.4),
                },
            },
        ],
        EventId = new Guid("019b7033-f6d6-7000-8000-0123456789ab"),
        Schema = DetectionEvent.CurrentSchema,
        Frame = new FrameInfo(41, 640, 480),
        Poses =
        [
            new PersonPose { Conf = 0.99, ConfirmedByFace = true, Landmarks = [new Landmark(0.59, 0.45, -0.3, 0.99)] },
        ],
        TimingMs = new TimingMilliseconds { Decode = 0.9, Face = 0.7, Pose = 8.6, Total = 10.4 },
        EnergyJoules = 0.016,
        NextFrameMs = 1000,
    };

    [Fact]
    public void The_wire_form_is_the_contract_byte_for_byte() =>
        Assert.Equal(Golden, Encoding.UTF8.GetString(DetectionEventJson.Write(Example)));

    [Fact]
    public void The_five_fixed_fields_come_first_and_keep_their_form() =>
        Assert.StartsWith(
            """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34.678870Z","persons_detected":1,"faces":"""
            + """[{"conf":0.93357,"xmin":0.503125,"ymin":0.3125,"width":0.2140625,"height":0.285417""",
            Encoding.UTF8.GetString(DetectionEventJson.Write(Example)),
            StringComparison.Ordinal);

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        Assert.True(DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(Golden), out var read, out _));
        Assert.Equal(Golden, Encoding.UTF8.GetString(DetectionEventJson.Write(read)));
    }

    [Theory]
    [InlineData(FaceModel.Short, "short")]
    [InlineData(FaceModel.Full, "full")]
    public void A_face_says_last_which_model_found_it(FaceModel model, string expected)
    {
        var face = Assert.Single(Example.Faces) with { Model = model };

        var json = Encoding.UTF8.GetString(DetectionEventJson.Write(Example with { Faces = [face] }));

        Assert.Contains(
            $"\"left_ear_tragion\":[0.69,0.4]}},\"model\":\"{expected}\"}}],\"event_id\"",
            json, StringComparison.Ordinal);
        Assert.True(DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(json), out var read, out _));
        Assert.Equal(model, Assert.Single(read.Faces).Model);
    }

    [Fact]
    public void A_face_says_whose_track_it_is_when_it_has_one()
    {
        var face = Assert.Single(Example.Faces) with { TrackId = 12 };

        var json = DetectionEventJson.Write(Example with { Faces = [face] });

        Assert.Contains("\"track_id\":12}],\"event_id\"", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.True(DetectionEventJson.TryRead(json, out var read, out _));
        Assert.Equal(12, Assert.Single(read.Faces).TrackId);
        Assert.DoesNotContain("track_id", Golden, StringComparison.Ordinal);
    }

    [Fact]
    public void World_landmarks_are_written_only_when_there_are_some()
    {
        var pose = Example.Poses![0] with { WorldLandmarks = [new WorldLandmark(0.1, -0.2, 0.3)] };
        Assert.Contains(
            "\"world_landmarks\":[[0.1,-0.2,0.3]]",
            Encoding.UTF8.GetString(DetectionEventJson.Write(Example with { Poses = [pose] })),
            StringComparison.Ordinal);
        Assert.DoesNotContain("world", Golden, StringComparison.Ordinal);
    }

    [Fact]
    public void No_poses_are_an_empty_list_and_none_looked_for_is_none_written()
    {
        Assert.Contains(
            "\"poses\":[]", Encoding.UTF8.GetString(DetectionEventJson.Write(Example with { Poses = [] })),
            StringComparison.Ordinal);
        Assert.DoesNotContain("pose", Encoding.UTF8.GetString(DetectionEventJson.Write(
            Example with { Poses = null, TimingMs = Example.TimingMs! with { Pose = null } })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unchanged_frame_says_so_and_any_other_says_nothing()
    {
        var json = DetectionEventJson.Write(Example with { Unchanged = true });
        Assert.Contains("\"unchanged\":true", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.True(DetectionEventJson.TryRead(json, out var read, out _));
        Assert.True(read.Unchanged);
        Assert.DoesNotContain("unchanged", Golden, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_always_has_six_decimals_and_is_in_UTC()
    {
        var json = DetectionEventJson.Write(
            Example with { Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)) });
        Assert.Contains("\"timestamp\":\"2026-01-02T01:04:05.000000Z\"", Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void An_event_of_the_first_version_is_read_its_time_taken_as_UTC()
    {
        Assert.True(DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(FirstVersion), out var read, out _));
        Assert.Equal(Example.Timestamp, read.Timestamp);
        Assert.Null(read.EventId);
        Assert.Null(read.Faces[0].Keypoints);
    }

    [Theory]
    [InlineData("edgecloud.detection/1")]
    [InlineData("edgecloud.detection/1.7")]
    public void Members_and_minor_versions_of_the_future_are_accepted(string schema)
    {
        var future = Golden.Replace("edgecloud.detection/1", schema, StringComparison.Ordinal)
            .Replace("\"frame\":{", "\"mood\":{\"happy\":[1,2]},\"frame\":{", StringComparison.Ordinal);
        Assert.True(DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(future), out var read, out _));
        Assert.Equal(1, read.PersonsDetected);
    }

    [Theory]
    [InlineData("not json", "Not a detection event")]
    [InlineData("", "Not a detection event")]
    [InlineData("null", "null")]
    [InlineData("[]", "Not a detection event")]
    [InlineData("{}", "device_id")]
    [InlineData("""{"device_id":"edge-1","timestamp":"yesterday","persons_detected":0,"faces":[]}""", "ISO 8601")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14Z","persons_detected":0,"faces":[]}""", "ISO 8601")]
    [InlineData("""{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","faces":[]}""", "persons_detected")]
    [InlineData(
        """{"device_id":"a b","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[]}""", "device_id")]
    [InlineData(
        """{"device_id":null,"timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[]}""", "device_id")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":-1,"faces":[]}""",
        "persons_detected")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":1,"faces":"""
        + """[{"conf":1.5,"xmin":0,"ymin":0,"width":1,"height":1}]}""", "conf")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":1,"faces":"""
        + """[{"conf":0.5,"xmin":1e400,"ymin":0,"width":1,"height":1}]}""", "box")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":1,"faces":"""
        + """[{"conf":0.5,"xmin":0,"ymin":0,"width":-1,"height":1}]}""", "box")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":1,"faces":[null]}""", "null")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":"""
        + """[],"schema":"edgecloud.detection/2"}""", "schema")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":"""
        + """[],"schema":"edgecloud.detection/10"}""", "schema")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[],"poses":[null]}""",
        "poses[0] is null")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[],"poses":"""
        + """[{"conf":1.5,"confirmed_by_face":true,"landmarks":[]}]}""", "poses[0].conf")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[],"poses":"""
        + """[{"conf":1,"confirmed_by_face":true,"landmarks":[[1,2,3]]}]}""", "4 finite numbers")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[],"poses":"""
        + """[{"conf":1,"confirmed_by_face":true,"landmarks":[[1,2,3,1e400]]}]}""", "4 finite numbers")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[],"poses":"""
        + """[{"conf":1,"confirmed_by_face":true}]}""", "landmarks")]
    [InlineData(
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34Z","persons_detected":0,"faces":[],"unchanged":1}""",
        "unchanged is neither true nor false")]
    public void What_is_not_an_event_is_refused_with_a_reason_that_names_what_is_wrong(string json, string expected)
    {
        Assert.False(DetectionEventJson.TryRead(Encoding.UTF8.GetBytes(json), out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wire_form_is_valid_JSON_of_snake_case_names_only()
    {
        using var document = JsonDocument.Parse(DetectionEventJson.Write(Example));
        Assert.All(Names(document.RootElement), name => Assert.Matches("^[a-z][a-z0-9_]*$", name));

        static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object =>
                element.EnumerateObject().SelectMany(member => Names(member.Value).Prepend(member.Name)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
            _ => [],
        };
    }
}
