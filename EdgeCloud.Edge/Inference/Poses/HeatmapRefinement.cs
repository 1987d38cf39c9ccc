using System.Numerics;

namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// Moves a landmark to the centre of mass of its heatmap around it
/// (mediapipe/calculators/util/refine_landmarks_from_heatmap_calculator.cc).
/// </summary>
internal static class HeatmapRefinement
{
    /// <summary>min_confidence_to_refine, its default.</summary>
    private const float MinConfidence = 0.5f;

    /// <param name="heatmap">[size, size], confidences before the sigmoid.</param>
    /// <param name="size">Its side, cells.</param>
    /// <param name="position">Relative to the region that the heatmap covers, 0..1.</param>
    /// <param name="reach">(kernel_size - 1) / 2, cells to either side that count.</param>
    /// <returns>The better position; the same one where it lies outside the heatmap or the heatmap is not
    /// confident there.</returns>
    public static Vector2 Refine(ReadOnlySpan<float> heatmap, int size, Vector2 position, int reach = 3)
    {
        // Truncated, not rounded down, as MediaPipe does: a little above 0 and a little below it are the same cell.
        var (column, row) = ((int)(position.X * size), (int)(position.Y * size));
        if (column < 0 || column >= size || row < 0 || row >= size)
            return position;

        var sum = 0f;
        var weighted = Vector2.Zero;
        var best = 0f;
        for (var y = Math.Max(0, row - reach); y <= Math.Min(size - 1, row + reach); y++)
        {
            for (var x = Math.Max(0, column - reach); x <= Math.Min(size - 1, column + reach); x++)
            {
                var confidence = Logistic.Sigmoid(heatmap[(y * size) + x]);
                sum += confidence;
                weighted += new Vector2(x, y) * confidence;
                best = Math.Max(best, confidence);
            }
        }

        return best >= MinConfidence ? weighted / size / sum : position;
    }
}
