using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class FaceLooksTests
{
    private readonly FaceLooks _looks = new();

    [Fact]
    public void What_the_whole_picture_shows_counts() => Assert.Equal([0.5f], Merged((0.5f, 0.3f, 0.1f, true)));

    [Theory]
    [InlineData(0.84f, false)]
    [InlineData(0.85f, true)]
    public void What_one_tile_shows_counts_if_it_is_sure(float score, bool counts) =>
        Assert.Equal(counts ? [score] : [], Merged((score, 0.3f, 0.1f, false)));

    [Theory]
    [InlineData(0.69f, false)]
    [InlineData(0.7f, true)]
    public void What_two_tiles_show_is_one_face_if_it_is_likely(float score, bool counts) =>
        Assert.Equal(counts ? [score] : [], Merged((0.5f, 0.31f, 0.1f, false), (score, 0.3f, 0.1f, false)));

    [Fact]
    public void Of_what_the_picture_and_a_tile_show_the_better_stays() =>
        Assert.Equal([0.6f], Merged((0.5f, 0.31f, 0.1f, true), (0.6f, 0.3f, 0.1f, false)));

    [Fact]
    public void A_box_twice_as_wide_around_it_is_the_same_face() =>
        Assert.Equal([0.9f], Merged((0.6f, 0.3f, 0.1f, true), (0.9f, 0.32f, 0.045f, false)));

    [Fact]
    public void Faces_side_by_side_are_several_and_the_best_come_first() =>
        Assert.Equal(
            [0.95f, 0.9f, 0.5f],
            Merged((0.9f, 0.3f, 0.1f, false), (0.5f, 0.4f, 0.1f, true), (0.95f, 0.5f, 0.1f, false)));

    [Fact]
    public void What_a_photo_before_had_is_gone()
    {
        Merged((0.9f, 0.3f, 0.1f, true));
        Assert.Empty(Merged());
    }

    /// <param name="found">Score, middle and width relative to the picture, and whether the whole picture shows it.
    /// </param>
    /// <returns>The scores of the faces.</returns>
    private float[] Merged(params (float Score, float X, float Width, bool IsOfWhole)[] found)
    {
        _looks.Clear();
        foreach (var (score, x, width, isOfWhole) in found)
        {
            var (center, half) = (new Vector2(x, 0.5f), new Vector2(width / 2));
            _looks.Add(new Detection { Score = score, Min = center - half, Max = center + half }, isOfWhole);
        }

        List<Detection> faces = [new Detection { Score = 1 }];
        _looks.Merge(faces);
        return [.. faces.Select(face => face.Score)];
    }
}
