using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// The parts of a picture to look at one by one, so that small faces are large in what the models see: squares of a
/// half of the longer side, of a quarter and so on, down to the size at which the full range model sees about the
/// picture's own pixels.
/// </summary>
internal static class FaceTiles
{
    /// <summary>
    /// Of a tile's side, at least. The full range model finds faces from a twentieth of what it sees, so a face too
    /// small for one size is whole in a tile of the next.
    /// </summary>
    public const float MinOverlap = 1f / 3;

    /// <summary>
    /// A picture of 16 million pixels has half as many to three quarters; beyond it the smallest size is left out. As
    /// many take one stream of inference three seconds with both models (docs/benchmarks.md).
    /// </summary>
    public const int MaxCount = 1024;

    private static readonly int OwnPixels = DetectorModel.FaceFullRange.InputSize;

    /// <param name="width">Of the picture, pixels.</param>
    /// <param name="height">Likewise.</param>
    /// <param name="tiles">Receives the tiles, the largest first; none for a picture as small as what the models see.
    /// </param>
    public static void Place(int width, int height, List<RegionOfInterest> tiles)
    {
        tiles.Clear();
        var longer = Math.Max(width, height);
        var sizes = (int)MathF.Round(MathF.Log2((float)longer / OwnPixels));
        for (var size = 1; size <= sizes; size++)
        {
            var side = longer / MathF.Pow(2, size);
            var (columns, rows) = (Count(width, side), Count(height, side));
            if (tiles.Count + ((long)columns * rows) > MaxCount)
                return;
            for (var i = 0; i < columns * rows; i++)
            {
                var center = new Vector2(
                    Center(width, side, i % columns, columns), Center(height, side, i / columns, rows));
                tiles.Add(new RegionOfInterest(center, side, rotation: 0));
            }
        }
    }

    /// <summary>Of tiles along one axis. A hair less, since a third of a float is none.</summary>
    private static int Count(float length, float side) =>
        length <= side ? 1 : 1 + (int)MathF.Ceiling(((length - side) / (side * (1 - MinOverlap))) - 0.001f);

    /// <summary>The first and the last tile end where the picture does; a single one may reach beyond.</summary>
    private static float Center(float length, float side, int index, int count) =>
        count == 1 ? length / 2 : (side / 2) + (index * (length - side) / (count - 1));
}
