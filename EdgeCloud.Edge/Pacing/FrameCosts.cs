using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Edge.Inference;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Pacing;

/// <summary>
/// The models to choose from, and what a frame costs with each: as measured here, and until then by the CPU times
/// of docs/benchmarks.md. Not thread-safe.
/// </summary>
internal sealed class FrameCosts(CarbonLedger carbon, IOptions<InferenceOptions> options)
{
    /// <summary>
    /// A frame in a hundred looks twice as hard, at a person just found; the mean over tens of frames
    /// is what an hour costs.
    /// </summary>
    private const double Weight = 0.05;

    private readonly Dictionary<ModelChoice, double> _measured = [];

    /// <summary>
    /// The configured ones first, then those that save more. Of both face models the short range one stays: it takes a
    /// quarter of their time, and where both found a face, its box is the one that stands already.
    /// </summary>
    public ModelChoice[] Models { get; } = Choices(options.Value.FaceRange, options.Value.Pose);

    /// <returns>Joules.</returns>
    public double Of(ModelChoice models) =>
        _measured.TryGetValue(models, out var joules) ? joules : carbon.MarginalJoules(CpuTime(models));

    public void Note(ModelChoice models, double joules)
    {
        var mean = _measured.GetValueOrDefault(models, joules);
        _measured[models] = mean + (Weight * (joules - mean));
    }

    private static ModelChoice[] Choices(FaceRange faces, PoseMode pose)
    {
        var one = faces == FaceRange.Both ? FaceRange.Short : faces;
        PoseMode[] poses = pose switch
        {
            PoseMode.Off => [PoseMode.Off],
            PoseMode.Lite => [PoseMode.Lite, PoseMode.Off],
            _ => [pose, PoseMode.Lite, PoseMode.Off],
        };
        var withOne = poses.Select(mode => new ModelChoice(one, mode));
        return faces == one ? [.. withOne] : [new ModelChoice(faces, pose), .. withOne];
    }

    private static TimeSpan CpuTime(ModelChoice models)
    {
        var pose = models.Pose switch
        {
            PoseMode.Off => FrameCpuTime.Off,
            PoseMode.Lite => FrameCpuTime.Lite,
            PoseMode.Full => FrameCpuTime.Full,
            _ => FrameCpuTime.Heavy,
        };
        return models.Faces switch
        {
            FaceRange.Short => pose,
            FaceRange.Full => pose + FrameCpuTime.FullRangeFaces - FrameCpuTime.ShortRangeFaces,
            _ => pose + FrameCpuTime.FullRangeFaces,
        };
    }
}
