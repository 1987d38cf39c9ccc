using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Edge.Inference;

/// <summary>One stream of detection: letterbox, model, decoding, non-max suppression. Allocates nothing per frame. Not thread-safe.</summary>
internal sealed class Detector : IDisposable
{
    private readonly ModelRun _run;
    private readonly float[] _regressors;
    private readonly float[] _classificators;
    private readonly RegionSampler _sampler;
    private readonly DetectionDecoder _decoder;
    private readonly List<Detection> _candidates = [];
    private readonly List<Detection> _detections = [];
    private RegionOfInterest _letterbox;
    private Vector2 _pictureSize;

    /// <param name="session">Of the model; outlives this.</param>
    /// <param name="model">What the session runs.</param>
    /// <param name="threshold">The lowest score, 0..1, that counts.</param>
    public Detector(InferenceSession session, DetectorModel model, float threshold)
    {
        var anchors = model.Anchors.Centers(model.InputSize);
        InputSize = model.InputSize;
        _sampler = new RegionSampler(model.InputSize, Sampling.Detection);
        _decoder = new DetectionDecoder(anchors, model, threshold);
        _run = new ModelRun(session, model.InputSize);
        _regressors = _run.Output(model.RegressorsOutput, 1, anchors.Length, model.ValuesPerAnchor);
        _classificators = _run.Output(model.ClassificatorsOutput, 1, anchors.Length, 1);
    }

    /// <summary>Side of the model's input, pixels.</summary>
    public int InputSize { get; }

    /// <summary>When the newest picture had been sampled and the model's turn began, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long Sampled { get; private set; }

    /// <returns>The detections, best first, relative to the picture; valid until the next call.</returns>
    public IReadOnlyList<Detection> Detect(Picture picture)
    {
        Sample(picture);
        return DetectSampled();
    }

    /// <returns>What the model would see: [3, size, size], valid until the next call.</returns>
    public ReadOnlySpan<float> Sample(Picture picture)
    {
        _letterbox = RegionOfInterest.Letterbox(picture.Width, picture.Height);
        _pictureSize = picture.Size;
        _sampler.Sample(picture, _letterbox, _run.Input);
        Sampled = Stopwatch.GetTimestamp();
        return _run.Input;
    }

    /// <inheritdoc cref="Detect"/>
    public IReadOnlyList<Detection> DetectSampled()
    {
        _run.Run();

        _candidates.Clear();
        _detections.Clear();
        _decoder.Decode(_regressors, _classificators, _candidates);
        NonMaxSuppression.Apply(_candidates, _detections);
        foreach (ref var detection in CollectionsMarshal.AsSpan(_detections))
            detection.Undo(_letterbox, _pictureSize);
        return _detections;
    }

    /// <summary>Runs the model once on nothing, which makes the session allocate what it will need.</summary>
    public void WarmUp() => _run.Run();

    public void Dispose() => _run.Dispose();
}
