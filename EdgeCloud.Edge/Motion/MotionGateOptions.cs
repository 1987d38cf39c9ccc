using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Edge.Motion;

/// <summary>
/// Configuration section <c>Edge:MotionGate</c>: whether frames in which nothing has changed are spared the models.
/// </summary>
internal sealed class MotionGateOptions
{
    public const string Section = "Edge:MotionGate";

    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Grey levels, of 255: a picture has changed when a block of it differs by more than this from the one
    /// that was looked at last.
    /// </summary>
    [Range(1, 254, ErrorMessage = Section + ":Threshold must lie between 1 and 254.")]
    public int Threshold { get; set; } = 6;

    /// <summary>The first frame this long after the last look is looked at, whatever it shows.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00.100", "00:10:00",
        ErrorMessage = Section + ":MaxConfirm must lie between 00:00:00.100 and 00:10:00.")]
    public TimeSpan MaxConfirm { get; set; } = TimeSpan.FromSeconds(5);
}
