using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class NonMaxSuppressionTests
{
    [Fact]
    public void Overlapping_boxes_are_averaged_by_score_and_the_score_stays_the_best()
    {
        var kept = Assert.Single(Apply(Box(0.2f, 0.1f, 0, 1, 1), Box(0.6f, 0, 0, 1, 1)));

        Assert.Equal(0.6f, kept.Score);
        Assert.Equal(0.1f * 0.2f / 0.8f, kept.Min.X, 6);
        Assert.Equal(0.1f * 0.2f / 0.8f, kept.Keypoints[3].X, 6);
    }

    [Fact]
    public void Boxes_apart_are_both_kept_best_first()
    {
        var kept = Apply(Box(0.6f, 0, 0, 0.2f, 0.2f), Box(0.9f, 0.5f, 0.5f, 0.7f, 0.7f));
        Assert.Equal([0.9f, 0.6f], kept.Select(detection => detection.Score));
    }

    [Theory]
    [InlineData(0.29f, 2)]
    [InlineData(0.31f, 1)]
    public void An_overlap_of_0_3_divides_one_from_two(float overlap, int expected)
    {
        // Two unit squares shifted by s overlap by (1 - s) / (1 + s).
        var shift = (1 - overlap) / (1 + overlap);
        Assert.Equal(expected, Apply(Box(0.9f, 0, 0, 1, 1), Box(0.8f, shift, 0, shift + 1, 1)).Count);
    }

    [Fact]
    public void Only_the_best_one_s_overlap_counts_not_a_chain_of_them()
    {
        // The second overlaps the first by a half and is averaged into it; the third overlaps only the
        // second, so it stands alone.
        var kept = Apply(Box(0.9f, 0, 0, 1, 1), Box(0.8f, 1f / 3, 0, 4f / 3, 1), Box(0.7f, 2f / 3, 0, 5f / 3, 1));
        Assert.Equal([0.9f, 0.7f], kept.Select(detection => detection.Score));
    }

    [Fact]
    public void A_box_without_area_ends_the_list_as_it_does_in_MediaPipe()
    {
        var kept = Apply(Box(0.9f, 0.5f, 0.5f, 0.5f, 0.5f), Box(0.8f, 0, 0, 1, 1));
        Assert.Equal(0.9f, Assert.Single(kept).Score);
    }

    [Fact]
    public void Nothing_in_nothing_out() => Assert.Empty(Apply());

    private static List<Detection> Apply(params Detection[] candidates)
    {
        List<Detection> list = [.. candidates];
        List<Detection> kept = [];
        NonMaxSuppression.Apply(list, kept);
        Assert.Empty(list);
        return kept;
    }

    private static Detection Box(float score, float left, float top, float right, float bottom)
    {
        var box = new Detection { Score = score, Min = new Vector2(left, top), Max = new Vector2(right, bottom) };
        for (var i = 0; i < Detection.MaxKeypoints; i++)
            box.Keypoints[i] = box.Min;
        return box;
    }
}
