using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class DetectionDecoderTests
{
    private const int InputSize = 100;

    [Fact]
    public void A_box_stands_around_its_anchor_s_centre_in_parts_of_the_input()
    {
        var candidate = Assert.Single(Decode(Values(x: 10, y: -20, width: 40, height: 20), rawScore: 0));

        Assert.Equal(0.5f, candidate.Score);
        Assert.Equal(new Vector2(0.4f, 0.2f), candidate.Min, Near);
        Assert.Equal(new Vector2(0.8f, 0.4f), candidate.Max, Near);
        Assert.Equal(new Vector2(0.53f, 0.55f), candidate.Keypoints[0], Near);
        Assert.Equal(new Vector2(0.5f, 0.5f), candidate.Keypoints[5], Near);
    }

    [Fact]
    public void A_model_of_four_key_points_has_twelve_values_for_each_anchor()
    {
        var model = DetectorModel.Pose with { InputSize = InputSize };
        float[] regressors = [.. Values(0, 0, 1, 1)[..12], 10, 0, 20, 20, 1, 1, 2, 2, 3, 3, 4, 4];

        var candidate = Assert.Single(Decode(regressors, [-9, 9], model, new Vector2(0), new Vector2(0.5f)));

        Assert.Equal(new Vector2(0.5f, 0.4f), candidate.Min, Near);
        Assert.Equal(new Vector2(0.54f), candidate.Keypoints[3], Near);
    }

    [Theory]
    [InlineData(0f, 1)]
    [InlineData(-0.001f, 0)]
    [InlineData(-1000f, 0)]
    [InlineData(1000f, 1)]
    [InlineData(float.NaN, 0)]
    public void The_threshold_itself_counts_and_nothing_below_it(float rawScore, int expected) =>
        Assert.Equal(expected, Decode(Values(0, 0, 10, 10), rawScore).Count);

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(10, -1)]
    [InlineData(float.NaN, 10)]
    public void A_box_of_negative_or_unknown_size_is_dropped(float width, float height) =>
        Assert.Empty(Decode(Values(0, 0, width, height), rawScore: 5));

    private static List<Detection> Decode(float[] values, float rawScore) =>
        Decode(values, [rawScore], DetectorModel.FaceShortRange with { InputSize = InputSize }, new Vector2(0.5f));

    private static List<Detection> Decode(
        float[] regressors, float[] rawScores, DetectorModel model, params Vector2[] anchorCenters)
    {
        List<Detection> candidates = [];
        new DetectionDecoder(anchorCenters, model, threshold: 0.5f).Decode(regressors, rawScores, candidates);
        return candidates;
    }

    private static float[] Values(float x, float y, float width, float height) =>
        [x, y, width, height, 3, 5, .. new float[10]];

    private static bool Near(Vector2 a, Vector2 b) => Vector2.Distance(a, b) < 1e-6f;
}
