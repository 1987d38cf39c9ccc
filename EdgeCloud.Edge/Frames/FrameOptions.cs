using System.ComponentModel.DataAnnotations;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Frames;

/// <summary>Configuration section <c>Edge:Frames</c>.</summary>
internal sealed class FrameOptions : IValidatableObject
{
    public const string Section = "Edge:Frames";

    /// <summary>The device of a frame that names none.</summary>
    public string DefaultDeviceId { get; set; } = "edge-1";

    /// <summary>The largest request body, bytes.</summary>
    [Range(1024, 256 * 1024 * 1024, ErrorMessage = Section + ":MaxBodyBytes must lie between 1024 and 268435456.")]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The largest picture, width × height. A picture of 16 million pixels needs 48 MB once decoded.</summary>
    [Range(1, 256 * 1024 * 1024, ErrorMessage = Section + ":MaxPixels must lie between 1 and 268435456.")]
    public int MaxPixels { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// What all frames together may hold in memory, bytes: bodies as far as they have arrived, pictures once
    /// decoded. Enough for a photo of 12 million pixels that must be turned, and with the rest of the process's work
    /// within 100 MB above idle.
    /// </summary>
    [Range(1024, int.MaxValue, ErrorMessage = Section + ":MaxMemoryBytes must lie between 1024 and 2147483647.")]
    public int MaxMemoryBytes { get; set; } = 80 * 1024 * 1024;

    /// <summary>
    /// How many frames a second one device may send, on average over a second. The camera page sends at most 15.
    /// </summary>
    [Range(1, 100_000, ErrorMessage = Section + ":MaxFramesPerSecond must lie between 1 and 100000.")]
    public int MaxFramesPerSecond { get; set; } = 30;

    /// <summary>
    /// From the end of the headers to the answer. A photo of 8 MB needs 17 seconds at 4 Mbit/s; to look at a
    /// frame takes milliseconds, at a large photo in tiles up to five seconds.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:00:00.100", "00:10:00",
        ErrorMessage = Section + ":RequestTimeout must lie between 00:00:00.100 and 00:10:00.")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many devices' newest frames are kept in memory; beyond it the device heard of longest ago is forgotten.
    /// </summary>
    [Range(1, 10_000, ErrorMessage = Section + ":MaxDevices must lie between 1 and 10000.")]
    public int MaxDevices { get; set; } = 64;

    /// <summary>
    /// Where the default device's newest frame is written, atomically, at most once a second, and removed at the start;
    /// empty writes none.
    /// </summary>
    public string FrameFile { get; set; } = Path.Combine(Path.GetTempPath(), "frame.jpg");

    /// <summary>What is blurred in the newest frames: in that file, and where they are asked for.</summary>
    [EnumDataType(typeof(FrameBlur), ErrorMessage = Section + ":Blur must be None or Faces.")]
    public FrameBlur Blur { get; set; } = FrameBlur.None;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!DeviceId.IsValid(DefaultDeviceId))
            yield return new ValidationResult($"{Section}:DefaultDeviceId breaks the rule: {DeviceId.Rule}.");
        if (MaxMemoryBytes / 2 < MaxBodyBytes)
            yield return new ValidationResult(
                $"{Section}:MaxMemoryBytes must be at least twice {Section}:MaxBodyBytes.");
    }
}
