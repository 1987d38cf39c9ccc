using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OpenCvSharp;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// The pixels of a decoded frame, borrowed: rows of B, G, R bytes. Valid as long as the matrix it was made from.
/// </summary>
/// <param name="bgr">All rows.</param>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
/// <param name="strideBytes">From one row to the next.</param>
internal readonly ref struct Picture(ReadOnlySpan<byte> bgr, int width, int height, int strideBytes)
{
    public const int PixelBytes = 3;

    private readonly ReadOnlySpan<byte> _bgr = bgr;

    public int Width => width;

    public int Height => height;

    public Vector2 Size => new(width, height);

    public int StrideBytes => strideBytes;

    /// <summary>
    /// The four pixels that each of eight samples lies between, from the lowest byte up blue, green, red and something
    /// else.
    /// </summary>
    /// <param name="upper">Of each sample, offset in bytes of the row above it.</param>
    /// <param name="lower">Of the row below it: the same or a later one.</param>
    /// <param name="left">Offset of the column left of it.</param>
    /// <param name="right">Of the one right of it: the same or a later one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<int> UpperLeft, Vector256<int> UpperRight, Vector256<int> LowerLeft, Vector256<int> LowerRight)
        PixelsAround(Vector256<int> upper, Vector256<int> lower, Vector256<int> left, Vector256<int> right)
    {
        // Four bytes of each, unless one is the last pixel. Checked once for all; slices would be checked 500,000 times
        // in a frame with a pose.
        return _bgr.Length >= sizeof(uint) && Vector256.LessThanOrEqualAll(
                (lower + right).AsUInt32(), Vector256.Create((uint)(_bgr.Length - sizeof(uint))))
            ? (PixelsAt(upper + left), PixelsAt(upper + right), PixelsAt(lower + left), PixelsAt(lower + right))
            : (LastPixelsAt(upper + left), LastPixelsAt(upper + right), LastPixelsAt(lower + left),
                LastPixelsAt(lower + right));
    }

    /// <param name="matrix">8 bits, three channels, BGR.</param>
    public static unsafe Picture Of(Mat matrix)
    {
        var stride = (int)matrix.Step();
        return new Picture(
            new ReadOnlySpan<byte>((void*)matrix.Data, checked(stride * matrix.Rows)),
            matrix.Width, matrix.Height, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> PixelsAt(Vector256<int> offsets) => Vector256.Create(
        PixelAt(offsets[0]), PixelAt(offsets[1]), PixelAt(offsets[2]), PixelAt(offsets[3]),
        PixelAt(offsets[4]), PixelAt(offsets[5]), PixelAt(offsets[6]), PixelAt(offsets[7]));

    private int PixelAt(int offset) =>
        Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bgr), (nuint)(uint)offset));

    /// <summary>Where a region reaches beyond the picture, many samples lie at its last pixel.</summary>
    private Vector256<int> LastPixelsAt(Vector256<int> offsets) => Vector256.Create(
        LastPixelAt(offsets[0]), LastPixelAt(offsets[1]), LastPixelAt(offsets[2]), LastPixelAt(offsets[3]),
        LastPixelAt(offsets[4]), LastPixelAt(offsets[5]), LastPixelAt(offsets[6]), LastPixelAt(offsets[7]));

    private int LastPixelAt(int offset)
    {
        var pixel = _bgr.Slice(offset, PixelBytes);
        return pixel[0] | (pixel[1] << 8) | (pixel[2] << 16);
    }
}
