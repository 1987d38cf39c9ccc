using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// From a detector's raw outputs to candidate detections relative to its input
/// (mediapipe/calculators/tensor/tensors_to_detections_calculator.cc, with all scales equal to the input size
/// and reverse_output_order).
/// </summary>
internal sealed class DetectionDecoder(Vector2[] anchorCenters, DetectorModel model, float threshold)
{
    /// <summary>score_clipping_thresh of the graphs: keeps the exponential finite.</summary>
    private const float ScoreLimit = 100f;

    /// <summary>
    /// What is lower is below the threshold, however the sigmoid rounds: almost all anchors, which need no exponential.
    /// </summary>
    private readonly float _lowestRaw = MathF.Min(MathF.Log(threshold / (1 - threshold)), 10f) - 0.01f;

    /// <param name="regressors">[anchors, values per anchor]: x, y, width, height and the key points, pixels of the
    /// input around the anchor's centre.</param>
    /// <param name="classificators">[anchors, 1]: the score before the sigmoid.</param>
    /// <param name="candidates">Receives those at or above the threshold, in anchor order.</param>
    public void Decode(ReadOnlySpan<float> regressors, ReadOnlySpan<float> classificators, List<Detection> candidates)
    {
        for (var i = 0; i < anchorCenters.Length; i++)
        {
            if (classificators[i] < _lowestRaw)
                continue;
            var score = Logistic.Sigmoid(Math.Clamp(classificators[i], -ScoreLimit, ScoreLimit));
            if (!(score >= threshold))
                continue;

            var values = regressors.Slice(i * model.ValuesPerAnchor, model.ValuesPerAnchor);
            var center = (new Vector2(values[0], values[1]) / model.InputSize) + anchorCenters[i];
            var size = new Vector2(values[2], values[3]) / model.InputSize;
            if (!(size.X >= 0 && size.Y >= 0))
                continue;

            var detection = new Detection
            {
                Range = model.Range,
                Score = score,
                Min = center - (size / 2),
                Max = center + (size / 2),
            };
            for (var k = 0; k < model.KeypointCount; k++)
                detection.Keypoints[k] =
                    (new Vector2(values[4 + (2 * k)], values[5 + (2 * k)]) / model.InputSize) + anchorCenters[i];
            candidates.Add(detection);
        }
    }
}
