using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class FaceTilesTests
{
    [Theory]
    [InlineData(192, 192, 0)]
    [InlineData(271, 100, 0)]
    [InlineData(272, 100, 3)]
    [InlineData(640, 480, 6 + 24)]
    [InlineData(4000, 3000, 6 + 24 + 108 + 432)]
    [InlineData(4096, 4096, 9 + 36 + 144 + 576)]
    public void The_smallest_are_about_as_large_as_what_the_full_range_model_sees(int width, int height, int count) =>
        Assert.Equal(count, Tiles(width, height).Count);

    [Theory]
    [InlineData(4345, 3861)]
    [InlineData(16384, 16384)]
    [InlineData(65535, 4096)]
    [InlineData(1, 65535)]
    public void There_are_never_more_than_take_seconds(int width, int height) =>
        Assert.InRange(Tiles(width, height).Count, 1, FaceTiles.MaxCount);

    [Theory]
    [InlineData(640, 480)]
    [InlineData(3000, 4000)]
    [InlineData(4096, 700)]
    public void What_is_a_third_as_wide_as_a_tile_is_whole_in_one_of_each_size(int width, int height)
    {
        var random = new Random(5);
        foreach (var tiles in Tiles(width, height).GroupBy(tile => tile.Side))
        {
            for (var i = 0; i < 1000; i++)
            {
                var face = new Vector2(tiles.Key * 0.999f / 3);
                var min = new Vector2(random.NextSingle(), random.NextSingle()) * (new Vector2(width, height) - face);
                Assert.Contains(tiles, tile =>
                {
                    var start = tile.ToPicture(Vector2.Zero) - new Vector2(0.01f);
                    var end = tile.ToPicture(Vector2.One) + new Vector2(0.01f);
                    return Vector2.Min(start, min) == start && Vector2.Max(end, min + face) == end;
                });
            }
        }
    }

    /// <summary>Of the four tiles around the middle of a picture of 400 × 400, the upper left one.</summary>
    [Theory]
    [InlineData(50, 50, false)]
    [InlineData(5, 50, false)]
    [InlineData(50, 5, false)]
    [InlineData(195, 50, true)]
    [InlineData(50, 195, true)]
    public void A_border_within_the_picture_cuts_what_reaches_over_it_and_the_pictures_own_does_not(
        float x, float y, bool isCut)
    {
        var (size, center, half) = (new Vector2(400), new Vector2(x, y), new Vector2(10));
        var face = new Detection { Min = (center - half) / size, Max = (center + half) / size };
        Assert.Equal(isCut, FaceTiles.Cuts(new RegionOfInterest(new Vector2(100), 200, 0), face, size));

        var mirrored = new Detection { Min = Vector2.One - face.Max, Max = Vector2.One - face.Min };
        Assert.Equal(isCut, FaceTiles.Cuts(new RegionOfInterest(new Vector2(300), 200, 0), mirrored, size));
    }

    private static List<RegionOfInterest> Tiles(int width, int height)
    {
        List<RegionOfInterest> tiles = [default];
        FaceTiles.Place(width, height, tiles);
        return tiles;
    }
}
