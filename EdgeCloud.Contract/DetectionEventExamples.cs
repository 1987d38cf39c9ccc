using System.Text.Json.Nodes;

namespace EdgeCloud.Contract;

/// <summary>What the published documents show as events.</summary>
internal static class DetectionEventExamples
{
    /// <summary>An event with one face.</summary>
    public static readonly DetectionEvent Detection = new()
    {
        DeviceId = "edge-1",
        Timestamp = new DateTimeOffset(2025, 12, 30, 15, 14, 34, 678, 870, TimeSpan.Zero),
        PersonsDetected = 1,
        Faces =
        [
            new Face
            {
                Conf = 0.93357,
                Xmin = 0.50313,
                Ymin = 0.3125,
                Width = 0.21406,
                Height = 0.28542,
                Keypoints = new FaceKeypoints
                {
                    RightEye = new Point(0.55, 0.39),
                    LeftEye = new Point(0.63, 0.39),
                    NoseTip = new Point(0.59, 0.45),
                    MouthCenter = new Point(0.59, 0.5),
                    RightEarTragion = new Point(0.5, 0.4),
                    LeftEarTragion = new Point(0.69, 0.4),
                },
                Model = FaceModel.Short,
                TrackId = 3,
            },
        ],
        EventId = new Guid("019b7033-f6d6-7000-8000-0123456789ab"),
        Schema = DetectionEvent.CurrentSchema,
        Frame = new FrameInfo(41, 640, 480),
        Poses = [],
        TimingMs = new TimingMilliseconds { Decode = 0.9, Face = 0.7, Pose = 3.8, Total = 5.4 },
        EnergyJoules = 0.0065,
        NextFrameMs = 1000,
        OutboxEvents = 0,
        Zones = new ZoneFindings
        {
            Occupancy = [new ZoneOccupancy("desk", 1)],
            Crossings = [new LineCrossing("door", CrossingDirection.Forward, 3)],
        },
    };

    /// <summary>The end of a presence.</summary>
    public static readonly PresenceEvent Presence = new()
    {
        DeviceId = "edge-1",
        Timestamp = new DateTimeOffset(2025, 12, 30, 15, 17, 2, 114, 20, TimeSpan.Zero),
        Type = PresenceType.Ended,
        EventId = new Guid("019b7036-36f2-7000-8000-0123456789ab"),
        Schema = PresenceEvent.CurrentSchema,
        PresenceId = new Guid("019b7033-f6d6-7000-8000-ba9876543210"),
        TrackId = 3,
        StartedAt = new DateTimeOffset(2025, 12, 30, 15, 14, 34, 678, 870, TimeSpan.Zero),
        LastSeenAt = new DateTimeOffset(2025, 12, 30, 15, 16, 1, 102, 413, TimeSpan.Zero),
        DwellSeconds = 86.424,
        FirstPoint = new Point(0.61, 0.455),
        LastPoint = new Point(0.97, 0.44),
        HighestScore = 0.95117,
        Zones = [new ZoneStay("desk", 71.2, 1)],
        Crossings = [new LineCount("door", 1, 0)],
        Reason = PresenceEnd.Left,
    };

    /// <summary>As the first version of this pipeline wrote it.</summary>
    private const string FirstVersion =
        """{"device_id":"edge-1","timestamp":"2025-12-30T15:14:34.678870","persons_detected":1,"faces":[]}""";

    /// <summary>Each a new copy.</summary>
    public static IEnumerable<JsonNode> All =>
        [JsonNode.Parse(DetectionEventJson.Write(Detection))!, JsonNode.Parse(FirstVersion)!];
}
