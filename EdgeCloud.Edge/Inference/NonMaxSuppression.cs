namespace EdgeCloud.Edge.Inference;

/// <summary>
/// Weighted non-max suppression (mediapipe/calculators/util/non_max_suppression_calculator.cc, WEIGHTED,
/// min_suppression_threshold 0.3): candidates that overlap the best one are not dropped but averaged into it, by score;
/// the score stays the best one's.
/// </summary>
internal static class NonMaxSuppression
{
    private const float MinOverlap = 0.3f;

    private static readonly Comparison<Detection> BestFirst = static (a, b) => b.Score.CompareTo(a.Score);

    /// <param name="candidates">Is emptied.</param>
    /// <param name="detections">Receives what remains, best first.</param>
    public static void Apply(List<Detection> candidates, List<Detection> detections)
    {
        candidates.Sort(BestFirst);
        while (candidates.Count > 0)
        {
            var merged = Merge(candidates, out var suppressed);
            detections.Add(merged);
            if (suppressed == 0)
                break;
        }

        candidates.Clear();
    }

    /// <summary>
    /// Takes the best candidate and all that overlap it out of the list. A box without area overlaps
    /// nothing, not even itself.
    /// </summary>
    private static Detection Merge(List<Detection> candidates, out int suppressed)
    {
        var best = candidates[0];
        var sum = default(Detection);
        var kept = 0;
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = candidates[i];
            if (!(best.IntersectionOverUnion(candidate) > MinOverlap))
            {
                candidates[kept++] = candidate;
                continue;
            }

            sum.Score += candidate.Score;
            sum.Min += candidate.Min * candidate.Score;
            sum.Max += candidate.Max * candidate.Score;
            for (var k = 0; k < Detection.MaxKeypoints; k++)
                sum.Keypoints[k] += candidate.Keypoints[k] * candidate.Score;
        }

        suppressed = candidates.Count - kept;
        candidates.RemoveRange(kept, suppressed);
        if (suppressed == 0)
            return best;

        var merged = best with { Min = sum.Min / sum.Score, Max = sum.Max / sum.Score };
        for (var k = 0; k < Detection.MaxKeypoints; k++)
            merged.Keypoints[k] = sum.Keypoints[k] / sum.Score;
        return merged;
    }
}
