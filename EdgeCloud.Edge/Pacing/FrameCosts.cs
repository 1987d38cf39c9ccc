using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Edge.Pacing;

/// <summary>What a frame costs with each pose model: as measured here, and until then by the CPU times of docs/benchmarks.md.</summary>
/// <param name="marginalJoules">The energy of a CPU time.</param>
internal sealed class FrameCosts(Func<TimeSpan, double> marginalJoules)
{
    /// <summary>A frame in a hundred looks twice as hard, at a person just found; the mean over tens of frames is what an hour costs.</summary>
    private const double Weight = 0.05;

    private readonly double?[] _measured = new double?[4];

    /// <returns>Joules.</returns>
    public double Of(PoseMode pose) => _measured[(int)pose] ?? marginalJoules(CpuTime(pose));

    public void Note(PoseMode pose, double joules) => _measured[(int)pose] = _measured[(int)pose] is { } mean ? mean + (Weight * (joules - mean)) : joules;

    private static TimeSpan CpuTime(PoseMode pose) => pose switch
    {
        PoseMode.Off => FrameCpuTime.Off,
        PoseMode.Lite => FrameCpuTime.Lite,
        PoseMode.Full => FrameCpuTime.Full,
        _ => FrameCpuTime.Heavy,
    };
}
