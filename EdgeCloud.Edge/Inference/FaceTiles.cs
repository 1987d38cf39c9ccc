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
    /// A square picture of 16 million pixels has 765; beyond it the smallest size is left out. As many take one stream
    /// of inference five seconds with both models on a slow machine (docs/benchmarks.md), a sixth of a request's time.
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

    /// <summary>
    /// Whether a tile's border within the picture cuts a face, of which another tile has the whole.
    /// </summary>
    /// <param name="tile">One of <see cref="Place"/>.</param>
    /// <param name="face">What was found in it, relative to the picture.</param>
    /// <param name="pictureSize">Pixels.</param>
    public static bool Cuts(RegionOfInterest tile, in Detection face, Vector2 pictureSize)
    {
        const float within = 0.5f;
        var (start, end) = (tile.ToPicture(Vector2.Zero), tile.ToPicture(Vector2.One));
        var (min, max) = (face.Min * pictureSize, face.Max * pictureSize);
        return (start.X > within && min.X < start.X) || (start.Y > within && min.Y < start.Y)
            || (end.X < pictureSize.X - within && max.X > end.X)
            || (end.Y < pictureSize.Y - within && max.Y > end.Y);
    }

    /// <summary>Of tiles along one axis. A hair less, since a third of a float is none.</summary>
    private static int Count(float length, float side) =>
        length <= side ? 1 : 1 + (int)MathF.Ceiling(((length - side) / (side * (1 - MinOverlap))) - 0.001f);

    /// <summary>The first and the last tile end where the picture does; a single one may reach beyond.</summary>
    private static float Center(float length, float side, int index, int count) =>
        count == 1 ? length / 2 : (side / 2) + (index * (length - side) / (count - 1));
}
