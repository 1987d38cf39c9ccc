using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Edge.Inference;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Pacing;

/// <summary>
/// The pose models to choose from, and what a frame costs with each: as measured here, and until then by the CPU times
/// of docs/benchmarks.md. Not thread-safe.
/// </summary>
internal sealed class FrameCosts(CarbonLedger carbon, IOptions<InferenceOptions> options)
{
    /// <summary>
    /// A frame in a hundred looks twice as hard, at a person just found; the mean over tens of frames
    /// is what an hour costs.
    /// </summary>
    private const double Weight = 0.05;

    private readonly double?[] _measured = new double?[4];

    /// <summary>The configured model first, then those that save more.</summary>
    public PoseMode[] Models { get; } = options.Value.Pose switch
    {
        PoseMode.Off => [PoseMode.Off],
        PoseMode.Lite => [PoseMode.Lite, PoseMode.Off],
        var configured => [configured, PoseMode.Lite, PoseMode.Off],
    };

    /// <returns>Joules.</returns>
    public double Of(PoseMode pose) => _measured[(int)pose] ?? carbon.MarginalJoules(CpuTime(pose));

    public void Note(PoseMode pose, double joules)
    {
        var mean = _measured[(int)pose] ?? joules;
        _measured[(int)pose] = mean + (Weight * (joules - mean));
    }

    private static TimeSpan CpuTime(PoseMode pose) => pose switch
    {
        PoseMode.Off => FrameCpuTime.Off,
        PoseMode.Lite => FrameCpuTime.Lite,
        PoseMode.Full => FrameCpuTime.Full,
        _ => FrameCpuTime.Heavy,
    };
}
