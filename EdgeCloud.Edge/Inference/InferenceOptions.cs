using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Edge.Inference;

/// <summary>Configuration section <c>Edge:Inference</c>.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Edge:Inference";

    /// <summary>
    /// Which of MediaPipe's face models run: <see cref="FaceRange.Short"/> sees faces within about 2 m,
    /// <see cref="FaceRange.Full"/> within about 5 m but few that fill the picture, and
    /// <see cref="FaceRange.Both"/> what either sees.
    /// </summary>
    [EnumDataType(typeof(FaceRange), ErrorMessage = Section + ":FaceRange must be Short, Full or Both.")]
    public FaceRange FaceRange { get; set; } = FaceRange.Both;

    /// <summary>
    /// The lowest score, 0..1, that counts as a face. It also selects what is averaged, so changing
    /// it moves boxes a little.
    /// </summary>
    [Range(0.01, 0.99, ErrorMessage = Section + ":FaceThreshold must lie between 0.01 and 0.99.")]
    public float FaceThreshold { get; set; } = 0.5f;

    /// <summary>Whether poses are estimated, and by which of MediaPipe's landmark models.</summary>
    [EnumDataType(typeof(PoseMode), ErrorMessage = Section + ":Pose must be Off, Lite, Full or Heavy.")]
    public PoseMode Pose { get; set; } = PoseMode.Lite;

    /// <summary>
    /// The longest time between two frames of a device over which its pose is followed; after it the
    /// pose detector looks again.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "00:01:00",
        ErrorMessage = Section + ":PoseTrackingGap must lie between 00:00:00 and 00:01:00.")]
    public TimeSpan PoseTrackingGap { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many devices' poses are followed at once; beyond it the one seen longest ago is forgotten.
    /// </summary>
    [Range(1, 1024, ErrorMessage = Section + ":MaxPoseTracks must lie between 1 and 1024.")]
    public int MaxPoseTracks { get; set; } = 64;

    /// <summary>Whether events carry the landmarks in metres too.</summary>
    public bool WorldLandmarks { get; set; }

    /// <summary>
    /// How pictures are brought to the models' size: <see cref="Sampling.Centres"/> as MediaPipe's web runtime does,
    /// <see cref="Sampling.Corners"/> as MediaPipe for Python does on a processor.
    /// </summary>
    [EnumDataType(typeof(Sampling), ErrorMessage = Section + ":Sampling must be Centres or Corners.")]
    public Sampling Sampling { get; set; } = Sampling.Centres;

    /// <summary>Where the ONNX files are; a relative path is relative to the application's folder.</summary>
    [Required(ErrorMessage = Section + ":ModelsDirectory must name the folder of the ONNX files.")]
    public string ModelsDirectory { get; set; } = "models";

    /// <summary>How many frames are worked on at once; 0 means one for each processor.</summary>
    [Range(0, 64, ErrorMessage = Section + ":MaxConcurrency must lie between 0 and 64.")]
    public int MaxConcurrency { get; set; }

    /// <summary>How many frames may wait for their turn before further ones are rejected with 429.</summary>
    [Range(0, 1024, ErrorMessage = Section + ":MaxQueuedFrames must lie between 0 and 1024.")]
    public int MaxQueuedFrames { get; set; } = 8;

    /// <summary>
    /// How long a frame may wait for its turn before it is rejected with 429 all the same, so that answers stay
    /// fresh on a slow machine too.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:00:00.001", "00:01:00",
        ErrorMessage = Section + ":MaxWait must lie between 00:00:00.001 and 00:01:00.")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(150);
}

internal enum FaceRange
{
    Short,
    Full,
    Both,
}

internal enum Sampling
{
    /// <summary>Sample i of n lies at (i + ½) / n of the region; the centre of pixel k at k + ½.</summary>
    Centres,

    /// <summary>
    /// Sample i of n lies at i / n of the region, pixel k at k, to 1/32 pixel, and samples are whole grey levels
    /// (mediapipe/calculators/tensor/image_to_tensor_converter_opencv.cc).
    /// </summary>
    Corners,
}

internal enum PoseMode
{
    Off,
    Lite,
    Full,
    Heavy,
}
