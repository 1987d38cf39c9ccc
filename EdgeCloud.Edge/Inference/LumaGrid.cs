using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// A picture as a few grey levels: what the face model is about to see, averaged over blocks, so that the noise of
/// single pixels cancels out.
/// </summary>
internal static class LumaGrid
{
    /// <summary>
    /// Blocks along each side; it divides the inputs of both face models, 128 and 192. Of a picture of 640 × 480 a
    /// block covers 20 × 20 pixels, about the smallest face that the models find.
    /// </summary>
    public const int Side = 32;

    public const int Cells = Side * Side;

    /// <summary>Of the widest input that fits.</summary>
    private const int MaxInputSize = 256;

    /// <param name="planarRgb">[3, size, size], -1..1, size a multiple of <see cref="Side"/>.</param>
    /// <param name="size">Pixels.</param>
    /// <param name="grid">Receives <see cref="Cells"/> grey levels, 0..255, row by row.</param>
    public static void Fill(ReadOnlySpan<float> planarRgb, int size, Span<byte> grid)
    {
        var block = size / Side;
        var red = planarRgb[..(size * size)];
        var green = planarRgb.Slice(size * size, size * size);
        var blue = planarRgb.Slice(2 * size * size, size * size);
        Span<float> sums = stackalloc float[MaxInputSize];
        sums = sums[..size];
        for (var row = 0; row < Side; row++)
        {
            sums.Clear();
            for (var y = row * block; y < (row + 1) * block; y++)
                AddLuma(red.Slice(y * size, size), green.Slice(y * size, size), blue.Slice(y * size, size), sums);
            for (var column = 0; column < Side; column++)
            {
                var sum = 0f;
                foreach (var value in sums.Slice(column * block, block))
                    sum += value;
                grid[(row * Side) + column] = (byte)Math.Clamp(((sum / (block * block)) + 1) * 127.5f, 0, 255);
            }
        }
    }

    /// <returns>The largest difference of two blocks in the same place, grey levels.</returns>
    public static int Difference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var largest = Vector<byte>.Zero;
        for (var i = 0; i < Cells; i += Vector<byte>.Count)
        {
            var (a, b) = (new Vector<byte>(one[i..]), new Vector<byte>(other[i..]));
            largest = Vector.Max(largest, Vector.Max(a, b) - Vector.Min(a, b));
        }

        var result = 0;
        for (var i = 0; i < Vector<byte>.Count; i++)
            result = Math.Max(result, largest[i]);
        return result;
    }

    /// <returns>The mean difference of two blocks in the same place, grey levels.</returns>
    public static float MeanDifference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var sum = 0;
        for (var i = 0; i < Cells; i++)
            sum += Math.Abs(one[i] - other[i]);
        return (float)sum / Cells;
    }

    /// <summary>The weights are those of ITU-R BT.601, as in JPEG.</summary>
    private static void AddLuma(
        ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<float> sums)
    {
        for (var x = 0; x < sums.Length; x += Vector<float>.Count)
        {
            var luma = (new Vector<float>(red[x..]) * 0.299f)
                + (new Vector<float>(green[x..]) * 0.587f) + (new Vector<float>(blue[x..]) * 0.114f);
            (new Vector<float>(sums[x..]) + luma).CopyTo(sums[x..]);
        }
    }
}
