using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class ColorTests
{
    [Theory]
    [InlineData(ColorConversionCodes.BGR2GRAY, new byte[] { 29, 150, 76 })]
    [InlineData(ColorConversionCodes.RGB2GRAY, new byte[] { 76, 150, 29 })]
    public void Grey_weighs_the_channels(ColorConversionCodes code, byte[] expected)
    {
        using var primaries = Pixels.OfColors(new byte[,] { { 255, 0, 0, 0, 255, 0, 0, 0, 255 } });
        using var result = new Mat();

        Cv2.CvtColor(primaries, result, code);

        Assert.Equal(MatType.CV_8UC1, result.Type());
        Assert.Equal(expected, Pixels.Bytes(result));
    }

    [Theory]
    [InlineData(ColorConversionCodes.BGR2RGB, new byte[] { 3, 2, 1 })]
    [InlineData(ColorConversionCodes.BGR2BGRA, new byte[] { 1, 2, 3, 255 })]
    [InlineData(ColorConversionCodes.BGR2RGBA, new byte[] { 3, 2, 1, 255 })]
    public void Three_channels_are_swapped_and_extended(ColorConversionCodes code, byte[] expected)
    {
        using var source = Pixels.OfColors(new byte[,] { { 1, 2, 3 } });
        using var result = new Mat();

        Cv2.CvtColor(source, result, code);

        Assert.Equal(expected, Pixels.Bytes(result));
    }

    [Theory]
    [InlineData(ColorConversionCodes.BGRA2BGR, new byte[] { 1, 2, 3 })]
    [InlineData(ColorConversionCodes.RGBA2BGR, new byte[] { 3, 2, 1 })]
    [InlineData(ColorConversionCodes.BGRA2RGBA, new byte[] { 3, 2, 1, 4 })]
    public void Four_channels_are_swapped_and_cut(ColorConversionCodes code, byte[] expected)
    {
        using var source = new Mat(1, 1, MatType.CV_8UC4, new Scalar(1, 2, 3, 4));
        using var result = new Mat();

        Cv2.CvtColor(source, result, code);

        Assert.Equal(expected, Pixels.Bytes(result));
    }

    [Theory]
    [InlineData(ColorConversionCodes.GRAY2BGR, new byte[] { 7, 7, 7 })]
    [InlineData(ColorConversionCodes.GRAY2BGRA, new byte[] { 7, 7, 7, 255 })]
    public void Grey_becomes_equal_channels(ColorConversionCodes code, byte[] expected)
    {
        using var source = Pixels.Of(new byte[,] { { 7 } });
        using var result = new Mat();

        Cv2.CvtColor(source, result, code);

        Assert.Equal(expected, Pixels.Bytes(result));
    }

    [Fact]
    public void A_matrix_can_be_converted_in_place()
    {
        using var mat = Pixels.OfColors(new byte[,] { { 1, 2, 3, 4, 5, 6 } });

        Cv2.CvtColor(mat, mat, ColorConversionCodes.BGR2RGB);

        Assert.Equal([3, 2, 1, 6, 5, 4], Pixels.Bytes(mat));
    }

    [Fact]
    public void A_conversion_for_other_channels_is_refused()
    {
        using var gray = new Mat(1, 1, MatType.CV_8UC1, new Scalar(1));
        using var doubles = new Mat(1, 1, MatType.CV_64FC(3), new Scalar(1));
        using var result = new Mat();

        Assert.Throws<OpenCVException>(() => Cv2.CvtColor(gray, result, ColorConversionCodes.BGR2RGB));
        Assert.Throws<OpenCVException>(() => Cv2.CvtColor(doubles, result, ColorConversionCodes.BGR2RGB));
        Assert.Throws<OpenCVException>(() => Cv2.CvtColor(new Mat(), result, ColorConversionCodes.BGR2RGB));
        Assert.Throws<OpenCVException>(() => Cv2.CvtColor(gray, result, (ColorConversionCodes)4711));
    }
}
