using System.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// One stream of pose landmarks: turned region, model, refinement, projection to the picture. Allocates nothing
/// per frame. Not thread-safe.
/// </summary>
internal sealed class Landmarker : IDisposable
{
    private readonly ModelRun _run;
    private readonly RegionSampler _sampler;
    private readonly int _heatmapReach;
    private readonly float[] _landmarks;
    private readonly float[] _presence;
    private readonly float[] _heatmaps;
    private readonly float[] _worldLandmarks;

    /// <param name="session">Of one of the <see cref="PoseModel"/>; outlives this.</param>
    /// <param name="sampling">How regions are brought to the model's size.</param>
    public Landmarker(InferenceSession session, Sampling sampling = Sampling.Centres)
    {
        _sampler = new RegionSampler(PoseModel.InputSize, InputFormat.Landmarks, sampling);
        _heatmapReach = PoseModel.HeatmapReach(sampling);
        _run = new ModelRun(session, PoseModel.InputSize);
        _landmarks =
            _run.Output(PoseModel.LandmarksOutput, 1, PoseModel.RawLandmarkCount * PoseModel.ValuesPerLandmark);
        _presence = _run.Output(PoseModel.PresenceOutput, 1, 1);
        _heatmaps = _run.Output(
            PoseModel.HeatmapOutput, 1, PoseModel.RawLandmarkCount, PoseModel.HeatmapSize, PoseModel.HeatmapSize);
        _worldLandmarks = _run.Output(
            PoseModel.WorldLandmarksOutput, 1, PoseModel.RawLandmarkCount * PoseModel.ValuesPerWorldLandmark);
    }

    /// <summary>Looks for the pose of the person in the region.</summary>
    /// <param name="picture">Where to look.</param>
    /// <param name="region">Around the person.</param>
    /// <param name="pose">Receives the landmarks when the result is true.</param>
    public bool TryFind(Picture picture, in RegionOfInterest region, Pose pose)
    {
        _sampler.Sample(picture, region, _run.Input);
        _run.Run();
        if (!(_presence[0] > PoseModel.PresenceThreshold))
            return false;

        pose.Confidence = _presence[0];
        for (var i = 0; i < pose.AllLandmarks.Length; i++)
            pose.AllLandmarks[i] = ReadLandmark(i, region);
        for (var i = 0; i < pose.WorldLandmarks.Length; i++)
            pose.WorldLandmarks[i] = region.Turn(new Vector3(
                _worldLandmarks.AsSpan(i * PoseModel.ValuesPerWorldLandmark, PoseModel.ValuesPerWorldLandmark)));
        return true;
    }

    /// <summary>Runs the model once on nothing, which makes the session allocate what it will need.</summary>
    public void WarmUp() => _run.Run();

    public void Dispose() => _run.Dispose();

    private Landmark ReadLandmark(int index, in RegionOfInterest region)
    {
        const int heatmapCells = PoseModel.HeatmapSize * PoseModel.HeatmapSize;
        var values = _landmarks.AsSpan(index * PoseModel.ValuesPerLandmark, PoseModel.ValuesPerLandmark);
        var inRegion = new Vector3(values) / PoseModel.InputSize;
        var refined = HeatmapRefinement.Refine(
            _heatmaps.AsSpan(index * heatmapCells, heatmapCells), PoseModel.HeatmapSize,
            new Vector2(inRegion.X, inRegion.Y), _heatmapReach);
        return new Landmark(
            new Vector3(region.ToPicture(refined), inRegion.Z * region.Side), Logistic.Sigmoid(values[3]),
            Logistic.Sigmoid(values[4]));
    }
}
