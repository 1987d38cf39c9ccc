using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class WarpTests
{
    private static readonly byte[,] Square = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } };

    [Fact]
    public void A_translation_moves_pixels_and_fills_with_the_border_value()
    {
        Assert.Equal([0, 1, 2, 0, 4, 5, 0, 7, 8], Warp(new double[,] { { 1, 0, 1 }, { 0, 1, 0 } }));
        Assert.Equal([50, 50, 50, 1, 2, 3, 4, 5, 6], Warp(new double[,] { { 1, 0, 0 }, { 0, 1, 1 } }, borderValue: new Scalar(50)));
    }

    [Fact]
    public void An_inverse_map_says_where_a_pixel_comes_from()
    {
        Assert.Equal(
            [2, 3, 0, 5, 6, 0, 8, 9, 0],
            Warp(new double[,] { { 1, 0, 1 }, { 0, 1, 0 } }, InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap));
    }

    [Fact]
    public void Half_a_pixel_mixes_neighbours()
    {
        using var source = Pixels.Of(new float[,] { { 10, 20, 40 } });
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_32FC1, new[,] { { 1, 0, 0.5f }, { 0, 1, 0 } });
        using var result = new Mat();

        Cv2.WarpAffine(source, result, matrix, new Size(3, 1));

        Assert.Equal([5, 15, 30], Pixels.Floats(result));
    }

    [Fact]
    public void A_rotation_matrix_turns_counter_clockwise_around_its_centre()
    {
        using var source = Pixels.Of(Square);
        using var matrix = Cv2.GetRotationMatrix2D(new Point2f(1, 1), angle: 90, scale: 1);
        using var result = new Mat();

        Cv2.WarpAffine(source, result, matrix, new Size(3, 3));

        Assert.Equal([3, 6, 9, 2, 5, 8, 1, 4, 7], Pixels.Bytes(result));
    }

    [Fact]
    public void A_rotation_matrix_holds_scaled_cosine_and_sine_and_keeps_its_centre()
    {
        using var matrix = Cv2.GetRotationMatrix2D(new Point2f(10, 20), angle: 30, scale: 2);
        var m = matrix.AsSpan<double>();

        Assert.Equal(MatType.CV_64FC1, matrix.Type());
        Assert.Equal(Math.Sqrt(3), m[0], precision: 12);
        Assert.Equal(1, m[1], precision: 12);
        Assert.Equal(-1, m[3], precision: 12);
        Assert.Equal(Math.Sqrt(3), m[4], precision: 12);
        Assert.Equal(10, (m[0] * 10) + (m[1] * 20) + m[2], precision: 12);
        Assert.Equal(20, (m[3] * 10) + (m[4] * 20) + m[5], precision: 12);
    }

    [Fact]
    public void A_transparent_border_leaves_what_was_there()
    {
        using var source = Pixels.Of(new byte[,] { { 1, 2, 3 } });
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_64FC1, new double[,] { { 1, 0, 2 }, { 0, 1, 0 } });
        using var result = Pixels.Of(new byte[,] { { 70, 80, 90 } });

        Cv2.WarpAffine(source, result, matrix, new Size(3, 1), InterpolationFlags.Nearest, BorderTypes.Transparent);

        Assert.Equal([70, 80, 1], Pixels.Bytes(result));
    }

    [Fact]
    public void A_matrix_can_be_warped_into_itself()
    {
        using var mat = Pixels.Of(Square);
        using var matrix = Cv2.GetRotationMatrix2D(new Point2f(1, 1), angle: 180, scale: 1);

        Cv2.WarpAffine(mat, mat, matrix, new Size(3, 3));

        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], Pixels.Bytes(mat));
    }

    [Fact]
    public void What_cannot_be_warped_is_refused()
    {
        using var source = Pixels.Of(Square);
        using var matrix = Cv2.GetRotationMatrix2D(new Point2f(1, 1), 0, 1);
        using var bytes = new Mat(2, 3, MatType.CV_8UC1, new Scalar(0));
        using var square = new Mat(3, 3, MatType.CV_64FC1, new Scalar(0));
        using var long1 = new Mat(1, 40_000, MatType.CV_8UC1, new Scalar(0));
        using var result = new Mat();

        Assert.Throws<OpenCVException>(() => Cv2.WarpAffine(source, result, bytes, new Size(3, 3)));
        Assert.Throws<OpenCVException>(() => Cv2.WarpAffine(source, result, square, new Size(3, 3)));
        Assert.Throws<OpenCVException>(() => Cv2.WarpAffine(new Mat(), result, matrix, new Size(3, 3)));
        Assert.Throws<OpenCVException>(() => Cv2.WarpAffine(long1, result, matrix, new Size(3, 3)));
    }

    private static byte[] Warp(double[,] matrix, InterpolationFlags flags = InterpolationFlags.Linear, Scalar? borderValue = null)
    {
        using var source = Pixels.Of(Square);
        using var m = Mat.FromPixelData(2, 3, MatType.CV_64FC1, matrix);
        using var result = new Mat();
        Cv2.WarpAffine(source, result, m, new Size(3, 3), flags, BorderTypes.Constant, borderValue);
        return Pixels.Bytes(result);
    }
}
