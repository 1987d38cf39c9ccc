namespace EdgeCloud.Contract;

/// <summary>
/// What the edge found in one frame: the reply of POST /frame and, byte for byte the same JSON, the value on Kafka's
/// topic edge-data. The first five members are fixed by name; everything after them is additive, and readers
/// ignore what they do not know. Coordinates are relative to the frame, 0..1, origin top left, after the EXIF
/// orientation has been applied.
/// </summary>
public sealed record DetectionEvent
{
    /// <summary>
    /// The schema this code writes. Readers accept it and every later <c>edgecloud.detection/1.x</c>.
    /// </summary>
    public const string CurrentSchema = "edgecloud.detection/1";

    public required string DeviceId { get; init; }

    /// <summary>When the edge accepted the frame, in UTC, written with microseconds.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The number of valid faces: a person is counted only when a face is. Poses do not count.</summary>
    public required int PersonsDetected { get; init; }

    public required IReadOnlyList<Face> Faces { get; init; }

    /// <summary>UUIDv7, unique to this event; absent only in events of producers older than the schema.</summary>
    public Guid? EventId { get; init; }

    public string? Schema { get; init; }

    public FrameInfo? Frame { get; init; }

    /// <summary>When the client says it took the picture; absent when it did not say.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>Absent when the edge does not estimate poses; otherwise the pose of one person, or none.</summary>
    public IReadOnlyList<PersonPose>? Poses { get; init; }

    /// <summary>
    /// True when the picture has not changed since the models last looked, so that they did not look again: faces and
    /// poses are those of then. Absent when they did look.
    /// </summary>
    public bool? Unchanged { get; init; }

    public TimingMilliseconds? TimingMs { get; init; }

    /// <summary>
    /// What looking at this frame took above an idle machine, joules, modelled from CPU time (docs/carbon.md).
    /// </summary>
    public double? EnergyJoules { get; init; }

    /// <summary>How many milliseconds the client is asked to wait, from one frame to the next.</summary>
    public int? NextFrameMs { get; init; }

    /// <summary>
    /// How many events the edge held that Kafka had not confirmed when this one was stored; near 0 while Kafka keeps
    /// up. Of the edge, not of the device.
    /// </summary>
    public long? OutboxEvents { get; init; }
}

/// <summary>A face: its score 0..1, its box, which may reach beyond the frame, and six key points.</summary>
public sealed record Face
{
    public required double Conf { get; init; }
    public required double Xmin { get; init; }
    public required double Ymin { get; init; }
    public required double Width { get; init; }
    public required double Height { get; init; }
    public FaceKeypoints? Keypoints { get; init; }
}

/// <summary>The six key points of MediaPipe's face detection. Right and left are the person's own.</summary>
public sealed record FaceKeypoints
{
    public required Point RightEye { get; init; }
    public required Point LeftEye { get; init; }
    public required Point NoseTip { get; init; }
    public required Point MouthCenter { get; init; }
    public required Point RightEarTragion { get; init; }
    public required Point LeftEarTragion { get; init; }
}

/// <summary>A pose: the probability 0..1 that it is there, and MediaPipe's 33 landmarks in its order.</summary>
public sealed record PersonPose
{
    public required double Conf { get; init; }

    /// <summary>Whether one of the faces is this person's; a pose without a face is not a person.</summary>
    public required bool ConfirmedByFace { get; init; }

    public required IReadOnlyList<Landmark> Landmarks { get; init; }

    /// <summary>The same landmarks in metres; absent unless the edge was asked for them.</summary>
    public IReadOnlyList<WorldLandmark>? WorldLandmarks { get; init; }
}

/// <summary>
/// On the wire <c>[x, y, z, visibility]</c>: x and y relative to the frame; z towards the background on the
/// scale of x, 0 at the middle of the hips; visibility, 0..1, is the probability that the landmark lies in the
/// frame and is not hidden.
/// </summary>
public readonly record struct Landmark(double X, double Y, double Z, double Visibility);

/// <summary>On the wire <c>[x, y, z]</c>: metres from the middle of the hips, along the frame's axes.</summary>
public readonly record struct WorldLandmark(double X, double Y, double Z);

/// <summary>A point relative to the frame, on the wire as <c>[x, y]</c>.</summary>
public readonly record struct Point(double X, double Y);

/// <param name="Sequence">Counts a device's frames from 1 since the edge started.</param>
/// <param name="Width">Pixels, after the EXIF orientation has been applied.</param>
/// <param name="Height">Pixels, likewise.</param>
public sealed record FrameInfo(long Sequence, int Width, int Height);

/// <summary>Where the edge spent its time on this frame, in milliseconds.</summary>
public sealed record TimingMilliseconds
{
    public required double Decode { get; init; }

    /// <summary>Of an unchanged frame, only what it took to see that.</summary>
    public required double Face { get; init; }

    /// <summary>Absent when the edge does not estimate poses, or did not for this frame.</summary>
    public double? Pose { get; init; }

    public required double Total { get; init; }
}
