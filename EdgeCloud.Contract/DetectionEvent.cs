using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Contract;

// The descriptions and bounds are what DetectionEventSchema publishes; DetectionEventReader checks by the same bounds.
[Description("What the edge found in one frame: the reply of POST /frame and, byte for byte the same JSON, the value "
    + "on Kafka's topic edge-data. The first four members are fixed by name; everything after them is additive, and "
    + "readers ignore what they do not know. Coordinates are relative to the frame, 0..1, origin top left, after the "
    + "EXIF orientation has been applied. A member that may be absent may also be null, which is the same; the edge "
    + "leaves it out.")]
public sealed record DetectionEvent
{
    /// <summary>
    /// The schema this code writes. Readers accept it and every later <c>edgecloud.detection/1.x</c>.
    /// </summary>
    public const string CurrentSchema = "edgecloud.detection/1";

    internal const string SchemaPattern = @"^edgecloud\.detection/1(\.[0-9]+)?$";

    [Description("The device whose frame it is, and the key on Kafka: " + Contract.DeviceId.Rule + ".")]
    [StringLength(Contract.DeviceId.MaxLength, MinimumLength = 1)]
    [RegularExpression(Contract.DeviceId.Pattern)]
    public required string DeviceId { get; init; }

    [Description("When the edge accepted the frame. The edge writes RFC 3339 in UTC with microseconds and Z; a time "
        + "without an offset, as the first version of the pipeline wrote it, is read as UTC.")]
    public required DateTimeOffset Timestamp { get; init; }

    [Description("The number of valid faces: a person is counted only when a face is, so where a schema is named it "
        + "is at most the number of faces. Poses do not count.")]
    [Range(0, double.PositiveInfinity)]
    public required int PersonsDetected { get; init; }

    [Description("The valid faces.")]
    public required IReadOnlyList<Face> Faces { get; init; }

    [Description("UUIDv7, unique to this event; absent only in events of producers older than the schema.")]
    public Guid? EventId { get; init; }

    [Description("The version of the contract: edgecloud.detection/1 or a minor version of it; absent only in events "
        + "of producers older than it.")]
    [RegularExpression(SchemaPattern)]
    public string? Schema { get; init; }

    [Description("The frame that was looked at.")]
    public FrameInfo? Frame { get; init; }

    [Description("When the client says it took the picture; absent when it did not say.")]
    public DateTimeOffset? CapturedAt { get; init; }

    [Description("Absent when the edge does not estimate poses; otherwise the pose of one person, or none.")]
    public IReadOnlyList<PersonPose>? Poses { get; init; }

    [Description("True when the picture has not changed since the models last looked, so that they did not look "
        + "again: faces and poses are those of then. Absent when they did look.")]
    public bool? Unchanged { get; init; }

    [Description("Where the edge spent its time.")]
    public TimingMilliseconds? TimingMs { get; init; }

    [Description("What looking at this frame took above an idle machine, joules, modelled from CPU time.")]
    public double? EnergyJoules { get; init; }

    [Description("How many milliseconds the client is asked to wait, from one frame to the next.")]
    [Range(0, double.PositiveInfinity)]
    public int? NextFrameMs { get; init; }

    [Description("How many events the edge held that Kafka had not confirmed when this one was stored; near 0 while "
        + "Kafka keeps up. Of the edge, not of the device.")]
    [Range(0, double.PositiveInfinity)]
    public long? OutboxEvents { get; init; }

    [Description("How the edge fetched the frame itself. Absent for a frame that was sent to it.")]
    public SourceKind? Source { get; init; }

    [Description("Who is in the zones of the device's picture, and who crossed its lines. Absent where it has neither, "
        + "and when the producer follows no faces in this frame.")]
    public ZoneFindings? Zones { get; init; }
}

[Description("What there is of a device's zones and lines in a frame. A person's point is the middle of the face, or "
    + "between the feet where a pose shows them.")]
public sealed record ZoneFindings
{
    [Description("Each zone of the device, and how many persons are in it. Who has just been missed is still there.")]
    public required IReadOnlyList<ZoneOccupancy> Occupancy { get; init; }

    [Description("The crossings since the last frame. None is told twice.")]
    public required IReadOnlyList<LineCrossing> Crossings { get; init; }
}

[Description("A zone, and how many persons are in it.")]
public sealed record ZoneOccupancy(
    [property: Description("The name of the zone.")]
    [property: StringLength(ZoneName.MaxLength, MinimumLength = 1)]
    [property: RegularExpression(ZoneName.Pattern)]
    string Zone,
    [property: Description("Persons in it.")]
    [property: Range(0, double.PositiveInfinity)]
    int Persons);

[Description("Somebody crossed a line.")]
public sealed record LineCrossing(
    [property: Description("The name of the line.")]
    [property: StringLength(ZoneName.MaxLength, MinimumLength = 1)]
    [property: RegularExpression(ZoneName.Pattern)]
    string Line,
    [property: Description("Forward is from left to right over a line that is drawn downwards.")]
    CrossingDirection Direction,
    [property: Description("Whose face it is.")]
    [property: Range(1, double.PositiveInfinity)]
    long TrackId);

[Description("A line has a direction, from its first to its second point. Forward is from the right-hand to the "
    + "left-hand side of who goes along it, so from left to right over a line that is drawn downwards.")]
public enum CrossingDirection
{
    Forward,
    Backward,
}

[Description("A camera that speaks RTSP, one that is asked over HTTP, a video file, or a camera of the edge's own "
    + "machine.")]
public enum SourceKind
{
    Rtsp,
    Http,
    File,
    Video,
}

[Description("A face: its score, its box, which may reach beyond the frame, and six key points.")]
public sealed record Face
{
    [Description("The detector's score.")]
    [Range(0.0, 1.0)]
    public required double Conf { get; init; }

    [Description("The box's left edge, relative to the frame's width.")]
    [Range(-DetectionEventReader.FarthestBox, DetectionEventReader.FarthestBox)]
    public required double Xmin { get; init; }

    [Description("The box's upper edge, relative to the frame's height.")]
    [Range(-DetectionEventReader.FarthestBox, DetectionEventReader.FarthestBox)]
    public required double Ymin { get; init; }

    [Description("The box's width, relative to the frame's.")]
    [Range(0, DetectionEventReader.FarthestBox)]
    public required double Width { get; init; }

    [Description("The box's height, relative to the frame's.")]
    [Range(0, DetectionEventReader.FarthestBox)]
    public required double Height { get; init; }

    [Description("Absent when the producer does not tell them.")]
    public FaceKeypoints? Keypoints { get; init; }

    [Description("Which of MediaPipe's face models found it, short range or full range, and so whose score, box and "
        + "key points these are; where both did, short. Absent when the producer does not tell.")]
    public FaceModel? Model { get; init; }

    [Description("The track of this face: faces of one device with the same number are taken to be one person's, from "
        + "frame to frame. Unique within a device and a start of the edge, and never given again to another. Absent "
        + "for a face that may well be none, until it is seen again, and when the producer follows no faces.")]
    [Range(1, double.PositiveInfinity)]
    public long? TrackId { get; init; }
}

[Description("One of MediaPipe's face models: short range, for faces within about 2 m, or full range, for faces within "
    + "about 5 m.")]
public enum FaceModel
{
    Short,
    Full,
}

[Description("The six key points of MediaPipe's face detection. Right and left are the person's own.")]
public sealed record FaceKeypoints
{
    [Description("The middle of the right eye.")]
    public required Point RightEye { get; init; }

    [Description("The middle of the left eye.")]
    public required Point LeftEye { get; init; }

    [Description("The tip of the nose.")]
    public required Point NoseTip { get; init; }

    [Description("The middle of the mouth.")]
    public required Point MouthCenter { get; init; }

    [Description("The tragion of the right ear.")]
    public required Point RightEarTragion { get; init; }

    [Description("The tragion of the left ear.")]
    public required Point LeftEarTragion { get; init; }
}

[Description("A pose: the probability that it is there, and MediaPipe's 33 landmarks in its order.")]
public sealed record PersonPose
{
    [Description("The probability that the pose is there.")]
    [Range(0.0, 1.0)]
    public required double Conf { get; init; }

    [Description("Whether one of the faces is this person's; a pose without a face is not a person.")]
    public required bool ConfirmedByFace { get; init; }

    [Description("MediaPipe's 33, in its order.")]
    public required IReadOnlyList<Landmark> Landmarks { get; init; }

    [Description("The same landmarks in metres; absent unless the edge was asked for them.")]
    public IReadOnlyList<WorldLandmark>? WorldLandmarks { get; init; }
}

[Description("[x, y, z, visibility]: x and y relative to the frame; z towards the background on the scale of x, 0 at "
    + "the middle of the hips; visibility, 0..1, is the probability that the landmark lies in the frame and is not "
    + "hidden.")]
public readonly record struct Landmark(double X, double Y, double Z, double Visibility);

[Description("[x, y, z]: metres from the middle of the hips, along the frame's axes.")]
public readonly record struct WorldLandmark(double X, double Y, double Z);

[Description("[x, y]: a point relative to the frame.")]
public readonly record struct Point(double X, double Y);

[Description("The frame's number and size.")]
public sealed record FrameInfo(
    [property: Description("Counts a device's frames from 1 since the edge started.")]
    [property: Range(0, double.PositiveInfinity)]
    long Sequence,
    [property: Description("Pixels, after the EXIF orientation has been applied.")]
    [property: Range(1, double.PositiveInfinity)]
    int Width,
    [property: Description("Pixels, after the EXIF orientation has been applied.")]
    [property: Range(1, double.PositiveInfinity)]
    int Height);

[Description("Where the edge spent its time on this frame, in milliseconds.")]
public sealed record TimingMilliseconds
{
    [Description("Decoding the picture.")]
    [Range(0, double.PositiveInfinity)]
    public required double Decode { get; init; }

    [Description("Finding faces; of an unchanged frame, only what it took to see that.")]
    [Range(0, double.PositiveInfinity)]
    public required double Face { get; init; }

    [Description("Estimating the pose; absent when the edge does not estimate poses, or did not for this frame.")]
    [Range(0, double.PositiveInfinity)]
    public double? Pose { get; init; }

    [Description("All of it.")]
    [Range(0, double.PositiveInfinity)]
    public required double Total { get; init; }
}
