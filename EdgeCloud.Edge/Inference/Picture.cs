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

    /// <param name="offset">Of the pixel's first byte.</param>
    /// <returns>Blue, green, red and something else.</returns>
    public Vector128<float> PixelAt(int offset)
    {
        // Four bytes at once, unless they are the last three. Checked once; a slice would be checked twice, 260,000
        // times in a frame with a pose.
        var packed = (ulong)(uint)offset + sizeof(uint) <= (ulong)_bgr.Length
            ? Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bgr), offset))
            : _bgr[offset] | ((uint)_bgr[offset + 1] << 8) | ((uint)_bgr[offset + 2] << 16);
        return Vector128.ConvertToSingle(
            Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(packed).AsByte())).AsInt32());
    }

    /// <param name="matrix">8 bits, three channels, BGR.</param>
    public static unsafe Picture Of(Mat matrix)
    {
        var stride = (int)matrix.Step();
        return new Picture(
            new ReadOnlySpan<byte>((void*)matrix.Data, checked(stride * matrix.Rows)),
            matrix.Width, matrix.Height, stride);
    }
}
