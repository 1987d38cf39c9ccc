using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class FaceMergeTests
{
    private static readonly Vector2 Webcam = new(1280, 720);

    [Fact]
    public void Where_both_found_a_face_the_short_range_models_numbers_stay()
    {
        var near = Face(FaceRange.Short, 0.6f, 0.5f, 0.5f, 0.2f);
        var far = Face(FaceRange.Full, 0.9f, 0.5f, 0.47f, 0.22f);

        Assert.Equal(near, Assert.Single(Merged([near], [far])));
    }

    [Fact]
    public void What_only_the_full_range_model_found_is_added_and_the_best_come_first()
    {
        var near = Face(FaceRange.Short, 0.85f, 0.2f, 0.5f, 0.2f);
        Found[] far =
            [Face(FaceRange.Full, 0.9f, 0.6f, 0.3f, 0.05f), Face(FaceRange.Full, 0.7f, 0.8f, 0.3f, 0.05f)];

        Assert.Equal([far[0], near, far[1]], Merged([near], far));
    }

    [Theory]
    [InlineData(0.79f, 0.2f, false)]
    [InlineData(0.8f, 0.2f, true)]
    [InlineData(0.5f, 0.69f, false)]
    [InlineData(0.5f, 0.71f, true)]
    public void What_only_the_short_range_model_found_counts_if_it_is_wide_or_sure(
        float score, float width, bool counts)
    {
        var near = Face(FaceRange.Short, score, 0.5f, 0.5f, width);
        Assert.Equal(counts ? [near] : [], Merged([near], []));
    }

    [Fact]
    public void How_wide_is_measured_against_the_longer_side_which_is_what_the_models_see()
    {
        var face = Face(FaceRange.Short, 0.5f, 0.5f, 0.5f, 0.9f);
        Assert.Single(Merged([face], []));
        Assert.Empty(Merged([face], [], new Vector2(720, 1280)));
    }

    [Fact]
    public void A_part_of_a_face_that_fills_the_picture_is_not_another_face()
    {
        var near = Face(FaceRange.Short, 0.8f, 0.5f, 0.5f, 1);
        var part = Face(FaceRange.Full, 0.6f, 0.4f, 0.5f, 0.4f);

        Assert.Equal(near, Assert.Single(Merged([near], [part])));
    }

    [Fact]
    public void Two_heads_in_one_uncertain_box_are_two()
    {
        var near = Face(FaceRange.Short, 0.6f, 0.5f, 0.5f, 0.17f);
        Found[] far =
            [Face(FaceRange.Full, 0.9f, 0.46f, 0.5f, 0.07f), Face(FaceRange.Full, 0.8f, 0.55f, 0.5f, 0.07f)];

        Assert.Equal(far, Merged([near], far));
    }

    [Fact]
    public void What_a_frame_before_had_is_gone() => Assert.Empty(Merged([], []));

    /// <param name="range">Which model found it.</param>
    /// <param name="score">0..1.</param>
    /// <param name="x">Its middle, relative to the picture.</param>
    /// <param name="y">Its middle, relative to the picture.</param>
    /// <param name="width">Relative to the picture's width; as high, relative to its height.</param>
    private static Found Face(FaceRange range, float score, float x, float y, float width) =>
        new(range, score, new Vector2(x - (width / 2), y - (width / 2)), new Vector2(x + (width / 2), y + (width / 2)));

    private static Found[] Merged(Found[] near, Found[] far, Vector2? pictureSize = null)
    {
        List<Detection> merged = [new Detection { Score = 1 }];
        FaceMerge.Apply(Detections(near), Detections(far), pictureSize ?? Webcam, merged);
        return [.. merged.Select(face => new Found(face.Range, face.Score, face.Min, face.Max))];
    }

    private static Detection[] Detections(Found[] faces) => [.. faces.Select(face =>
        new Detection { Range = face.Range, Score = face.Score, Min = face.Min, Max = face.Max })];

    /// <summary>A detection that can be compared.</summary>
    private sealed record Found(FaceRange Range, float Score, Vector2 Min, Vector2 Max);
}
