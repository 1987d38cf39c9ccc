using System.Numerics;
using OpenCvSharp;

namespace EdgeCloud.Edge.Inference;

/// <summary>The pixels of a decoded frame, borrowed: rows of B, G, R bytes. Valid as long as the matrix it was made from.</summary>
/// <param name="bgr">All rows.</param>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
/// <param name="strideBytes">From one row to the next.</param>
internal readonly ref struct Picture(ReadOnlySpan<byte> bgr, int width, int height, int strideBytes)
{
    private readonly ReadOnlySpan<byte> _bgr = bgr;

    public int Width => width;

    public int Height => height;

    public Vector2 Size => new(width, height);

    public ReadOnlySpan<byte> Row(int y) => _bgr.Slice(y * strideBytes, width * 3);

    /// <param name="matrix">8 bits, three channels, BGR.</param>
    public static unsafe Picture Of(Mat matrix)
    {
        var stride = (int)matrix.Step();
        return new Picture(new ReadOnlySpan<byte>((void*)matrix.Data, checked(stride * matrix.Rows)), matrix.Width, matrix.Height, stride);
    }
}
