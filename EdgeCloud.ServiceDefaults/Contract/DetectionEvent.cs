namespace EdgeCloud.ServiceDefaults.Contract;

/// <summary>
/// What the edge found in one frame: the reply of POST /frame and, byte for byte the same JSON, the value on Kafka's topic edge-data.
/// The first five members are fixed by name; everything after them is additive, and readers ignore what they do not know.
/// Coordinates are relative to the frame, 0..1, origin top left, after the EXIF orientation has been applied.
/// </summary>
public sealed record DetectionEvent
{
    /// <summary>The schema this code writes. Readers accept it and every later <c>edgecloud.detection/1.x</c>.</summary>
    public const string CurrentSchema = "edgecloud.detection/1";

    public required string DeviceId { get; init; }

    /// <summary>When the edge accepted the frame, in UTC, written with microseconds.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The number of valid faces: a person is counted only when a face is.</summary>
    public required int PersonsDetected { get; init; }

    public required IReadOnlyList<Face> Faces { get; init; }

    /// <summary>UUIDv7, unique to this event; absent only in events of producers older than the schema.</summary>
    public Guid? EventId { get; init; }

    public string? Schema { get; init; }

    public FrameInfo? Frame { get; init; }

    /// <summary>When the client says it took the picture; absent when it did not say.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    public TimingMilliseconds? TimingMs { get; init; }

    /// <summary>How many milliseconds the client is asked to wait, from one frame to the next.</summary>
    public int? NextFrameMs { get; init; }
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

/// <summary>A point relative to the frame, on the wire as <c>[x, y]</c>.</summary>
public readonly record struct Point(double X, double Y);

/// <param name="Sequence">Counts a device's frames from 1 since the edge started.</param>
/// <param name="Width">Pixels, after the EXIF orientation has been applied.</param>
/// <param name="Height">Pixels, likewise.</param>
public sealed record FrameInfo(long Sequence, int Width, int Height);

/// <summary>Where the edge spent its time on this frame, in milliseconds.</summary>
public sealed record TimingMilliseconds(double Decode, double Face, double Total);
