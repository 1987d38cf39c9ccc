using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Edge.Events;

/// <summary>What is known of a frame once the models have looked at it, or need not.</summary>
internal sealed record FrameAnalysis
{
    /// <summary>When the frame was accepted.</summary>
    public required DateTimeOffset Accepted { get; init; }

    /// <summary>The same on a clock that never goes back.</summary>
    public required TimeSpan AcceptedMonotonic { get; init; }

    /// <summary>Of the picture, pixels.</summary>
    public required (int Width, int Height) Size { get; init; }

    public required Findings Findings { get; init; }

    /// <summary>
    /// The picture shows what it showed when the models last looked, and the findings are those of then.
    /// </summary>
    public required bool IsUnchanged { get; init; }

    public required TimingMilliseconds Timing { get; init; }

    /// <summary>What the frame took.</summary>
    public required double Joules { get; init; }

    /// <summary>
    /// What it took to decode the picture and to compare it; null when the models did not look at it, or looked in
    /// tiles.
    /// </summary>
    public double? ComparedJoules { get; init; }

    /// <summary>What a frame spared that came without its picture; null when it came with one.</summary>
    public Spared? Spared { get; init; }

    /// <summary>The frame as it may be shown, a JPEG; null when that is as it came.</summary>
    public byte[]? Shown { get; init; }

    /// <summary>How long until the device's next frame is due.</summary>
    public required TimeSpan NextFrame { get; init; }
}
