using OpenCvSharp.Native;

namespace OpenCvSharp;

/// <summary>OpenCV's functions. They reuse the destination's memory when it already has the size and type of the result.</summary>
public static unsafe partial class Cv2
{
    // From here on OpenCV's remap overflows its 16-bit coordinates.
    private const int MaxWarpSide = short.MaxValue;
    private const int WarpFillOutliers = 8;

    /// <summary>How many threads OpenCV works with; 1 for the caller's only.</summary>
    public static void SetNumThreads(int nThreads) => NativeMethods.cvSetNumThreads(nThreads);

    /// <summary>Scales <paramref name="src"/> to <paramref name="dsize"/>, or by the factors when that is (0, 0).</summary>
    /// <exception cref="OpenCVException">A size is zero, or the type is not one of 8U, 16U, 32F with up to four channels.</exception>
    /// <exception cref="NotSupportedException">The factors do not give whole numbers of pixels.</exception>
    public static void Resize(
        InputArray src, OutputArray dst, Size dsize, double fx = 0, double fy = 0, InterpolationFlags interpolation = InterpolationFlags.Linear)
    {
        var source = Image(src);
        OpenCVException.Assert(
            interpolation is >= InterpolationFlags.Nearest and <= InterpolationFlags.Lanczos4,
            $"Interpolation {interpolation} does not resize.");
        if (dsize == default)
            dsize = new Size(Scaled(source.Cols, fx), Scaled(source.Rows, fy));
        OpenCVException.Assert(dsize is { Width: > 0, Height: > 0 }, "The result of resizing would have no pixels.");

        using var operation = new Operation(source, dst.Mat, dsize.Height, dsize.Width, source.Type());
        var (from, to) = (operation.Source, operation.Target);
        NativeMethods.cvResize(&from, &to, (int)interpolation);
    }

    /// <summary>Mirrors an image.</summary>
    public static void Flip(InputArray src, OutputArray dst, FlipMode flipCode)
    {
        var source = Image(src);
        using var operation = new Operation(source, dst.Mat, source.Rows, source.Cols, source.Type());
        var (from, to) = (operation.Source, operation.Target);
        NativeMethods.cvFlip(&from, &to, (int)flipCode);
    }

    /// <summary>Turns an image by a multiple of 90 degrees.</summary>
    public static void Rotate(InputArray src, OutputArray dst, RotateFlags rotateCode)
    {
        OpenCVException.Assert(Enum.IsDefined(rotateCode), $"There is no rotation {rotateCode}.");
        if (rotateCode == RotateFlags.Rotate180)
        {
            Flip(src, dst, FlipMode.XY);
            return;
        }

        Transpose(src, dst);
        Flip(dst.Mat, dst, rotateCode == RotateFlags.Rotate90Clockwise ? FlipMode.Y : FlipMode.X);
    }

    /// <summary>The 2×3 matrix that turns by <paramref name="angle"/> degrees counter-clockwise around <paramref name="center"/> and scales.</summary>
    public static Mat GetRotationMatrix2D(Point2f center, double angle, double scale)
    {
        var (sine, cosine) = Math.SinCos(angle * Math.PI / 180);
        var (alpha, beta) = (scale * cosine, scale * sine);
        var matrix = new Mat(2, 3, MatType.CV_64FC1);
        double[] elements =
        [
            alpha, beta, ((1 - alpha) * center.X) - (beta * center.Y),
            -beta, alpha, (beta * center.X) + ((1 - alpha) * center.Y),
        ];
        elements.CopyTo(matrix.AsSpan<double>());
        return matrix;
    }

    /// <summary>Moves every pixel as the 2×3 matrix <paramref name="m"/> says: (x', y') = m · (x, y, 1).</summary>
    /// <param name="src">The image; neither side may have 32767 pixels or more.</param>
    /// <param name="dst">Gets the size <paramref name="dsize"/> and the type of <paramref name="src"/>.</param>
    /// <param name="m">2×3, 32F or 64F; with <see cref="InterpolationFlags.WarpInverseMap"/> it maps from dst to src.</param>
    /// <param name="dsize">Size of the result.</param>
    /// <param name="flags">Interpolation.</param>
    /// <param name="borderMode">What comes from beyond the edge of <paramref name="src"/>.</param>
    /// <param name="borderValue">The value for a constant border; zero unless told.</param>
    /// <exception cref="OpenCVException">A size, a type or the matrix does not fit.</exception>
    public static void WarpAffine(
        InputArray src,
        OutputArray dst,
        InputArray m,
        Size dsize,
        InterpolationFlags flags = InterpolationFlags.Linear,
        BorderTypes borderMode = BorderTypes.Constant,
        Scalar? borderValue = null)
    {
        var source = Image(src);
        var matrix = m.Mat;
        OpenCVException.Assert(
            matrix is { Rows: 2, Cols: 3 } && (matrix.Type() == MatType.CV_32FC1 || matrix.Type() == MatType.CV_64FC1),
            "The matrix is not 2×3 of 32F or 64F.");
        OpenCVException.Assert(
            (flags & ~InterpolationFlags.WarpInverseMap) is >= InterpolationFlags.Nearest and <= InterpolationFlags.Lanczos4,
            $"Interpolation {flags} does not warp.");
        OpenCVException.Assert(Enum.IsDefined(borderMode), $"Border {borderMode} is not supported.");
        OpenCVException.Assert(dsize is { Width: > 0 and < MaxWarpSide, Height: > 0 and < MaxWarpSide }, $"The result cannot be {dsize}.");
        OpenCVException.Assert(source is { Rows: < MaxWarpSide, Cols: < MaxWarpSide }, $"The source cannot be {source.Size()}.");

        using var operation = new Operation(source, dst.Mat, dsize.Height, dsize.Width, source.Type());
        var (from, to, by) = (operation.Source, operation.Target, CvMat.Over(matrix));
        var fillOutliers = borderMode == BorderTypes.Constant ? WarpFillOutliers : 0;
        NativeMethods.cvWarpAffine(&from, &to, &by, (int)flags | fillOutliers, borderValue.GetValueOrDefault());
        GC.KeepAlive(matrix);
    }

    /// <summary>Swaps rows and columns, for <see cref="Rotate"/> and the orientation of photos.</summary>
    internal static void Transpose(InputArray src, OutputArray dst)
    {
        var source = Image(src);
        using var operation = new Operation(source, dst.Mat, source.Cols, source.Rows, source.Type());
        var (from, to) = (operation.Source, operation.Target);
        NativeMethods.cvTranspose(&from, &to);
    }

    private static Mat Image(InputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        var mat = array.Mat;
        OpenCVException.Assert(!mat.Empty(), "The source is empty.");
        OpenCVException.Assert(
            mat.Depth() is MatType.CV_8U or MatType.CV_16U or MatType.CV_32F && mat.Channels() <= 4,
            $"Images have 8U, 16U or 32F elements with up to four channels, not type {mat.Type().Value}.");
        return mat;
    }

    private static int Scaled(int pixels, double factor)
    {
        var scaled = pixels * factor;
        OpenCVException.Assert(factor > 0 && scaled <= int.MaxValue, "Neither a size nor positive factors are given.");

        // OpenCV's C function derives the factor from the sizes, so it can only be honoured where both say the same.
        return scaled == Math.Floor(scaled)
            ? (int)scaled
            : throw new NotSupportedException($"{pixels} pixels cannot be scaled by {factor} here, that is no whole number; give the size instead.");
    }
}
