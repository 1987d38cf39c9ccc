using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// One stream of detection: letterbox, model, decoding, non-max suppression. Allocates nothing per
/// frame. Not thread-safe.
/// </summary>
internal sealed class Detector : IDisposable
{
    private readonly ModelRun _run;
    private readonly float[] _regressors;
    private readonly float[] _classificators;
    private readonly RegionSampler _sampler;
    private readonly DetectionDecoder _decoder;
    private readonly List<Detection> _candidates = [];
    private readonly List<Detection> _detections = [];

    /// <param name="session">Of the model; outlives this.</param>
    /// <param name="model">What the session runs.</param>
    /// <param name="threshold">The lowest score, 0..1, that counts.</param>
    /// <param name="sampling">How pictures are brought to the model's size.</param>
    public Detector(
        InferenceSession session, DetectorModel model, float threshold, Sampling sampling = Sampling.Centres)
    {
        var anchors = model.Anchors.Centers(model.InputSize);
        InputSize = model.InputSize;
        _sampler = new RegionSampler(model.InputSize, InputFormat.Detection, sampling);
        _decoder = new DetectionDecoder(anchors, model, model.LowestScore(threshold, sampling));
        _run = new ModelRun(session, model.InputSize);
        _regressors = _run.Output(model.RegressorsOutput, 1, anchors.Length, model.ValuesPerAnchor);
        _classificators = _run.Output(model.ClassificatorsOutput, 1, anchors.Length, 1);
    }

    /// <summary>Side of the model's input, pixels.</summary>
    public int InputSize { get; }

    /// <returns>The detections, best first, relative to the picture; valid until the next call.</returns>
    public IReadOnlyList<Detection> Detect(Picture picture) => Detect(Sample(picture));

    /// <returns>What the model is to see of a picture; valid until the next call.</returns>
    public DetectorInput Sample(Picture picture) =>
        Sample(picture, RegionOfInterest.Letterbox(picture.Width, picture.Height));

    /// <param name="picture">The frame.</param>
    /// <param name="region">What part of it, upright.</param>
    /// <returns>What the model is to see of that part; valid until the next call.</returns>
    public DetectorInput Sample(Picture picture, RegionOfInterest region)
    {
        _sampler.Sample(picture, region, _run.Input);
        return new DetectorInput(_run.Input, InputSize, region, picture.Size);
    }

    /// <param name="input">The newest of <see cref="Sample"/>.</param>
    /// <returns>The detections, best first, relative to the picture; valid until the next call.</returns>
    public IReadOnlyList<Detection> Detect(DetectorInput input)
    {
        _run.Run();

        _candidates.Clear();
        _detections.Clear();
        _decoder.Decode(_regressors, _classificators, _candidates);
        NonMaxSuppression.Apply(_candidates, _detections);
        foreach (ref var detection in CollectionsMarshal.AsSpan(_detections))
            detection.Undo(input.Region, input.PictureSize);
        return _detections;
    }

    /// <summary>Runs the model once on nothing, which makes the session allocate what it will need.</summary>
    public void WarmUp() => _run.Run();

    public void Dispose() => _run.Dispose();
}

/// <summary>A picture as a detector's model sees it.</summary>
/// <param name="planarRgb">[3, size, size], -1..1.</param>
/// <param name="size">Side of it, pixels.</param>
/// <param name="region">The square part of the picture that was sampled.</param>
/// <param name="pictureSize">Pixels.</param>
internal readonly ref struct DetectorInput(
    ReadOnlySpan<float> planarRgb, int size, RegionOfInterest region, Vector2 pictureSize)
{
    public ReadOnlySpan<float> PlanarRgb { get; } = planarRgb;

    public int Size { get; } = size;

    public RegionOfInterest Region { get; } = region;

    public Vector2 PictureSize { get; } = pictureSize;
}
