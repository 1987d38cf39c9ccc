using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Edge.Pacing;

/// <summary>
/// The one key of the configuration section <c>Edge:Frames</c> that is about when the next frame is due, and so read
/// here.
/// </summary>
internal sealed class FrameIntervalOptions
{
    public const string Section = "Edge:Frames";

    private const string OutOfRange = Section + ":FrameInterval must lie between 00:00:00.010 and 01:00:00.";

    /// <summary>What <c>next_frame_ms</c> asks of clients with a person in view and nothing to save.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00", ErrorMessage = OutOfRange)]
    public TimeSpan FrameInterval { get; set; } = TimeSpan.FromSeconds(1);
}
