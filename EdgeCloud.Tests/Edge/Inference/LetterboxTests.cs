using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class LetterboxTests
{
    [Theory]
    [InlineData(640, 480)]
    [InlineData(480, 640)]
    [InlineData(512, 512)]
    public void Undoing_maps_the_middle_to_the_middle_and_the_picture_s_corners_to_0_and_1(int width, int height)
    {
        float side = Math.Max(width, height);
        var border = new Vector2(side - width, side - height) / 2;
        var detection = new Detection
        {
            Min = border / side,
            Max = Vector2.One - (border / side),
        };
        detection.Keypoints[0] = new Vector2(0.5f);

        detection.Undo(RegionOfInterest.Letterbox(width, height), new Vector2(width, height));

        Near(Vector2.Zero, detection.Min);
        Near(Vector2.One, detection.Max);
        Near(new Vector2(0.5f), detection.Keypoints[0]);
    }

    [Fact]
    public void Sampling_at_the_picture_s_own_size_returns_its_pixels_as_planar_RGB_from_minus_1_to_1()
    {
        byte[] bgr =
        [
            0, 51, 255, 10, 20, 30,
            40, 50, 60, 70, 80, 90,
        ];

        var planes = Sample(bgr, 2, 2, inputSize: 2);

        Assert.Equal([255, 30, 60, 90], planes[..4].Select(Byte));
        Assert.Equal([51, 20, 50, 80], planes[4..8].Select(Byte));
        Assert.Equal([0, 10, 40, 70], planes[8..].Select(Byte));
        Assert.Equal(-1f, planes[8]);
        Assert.Equal(1f, planes[0]);
    }

    [Fact]
    public void A_wide_picture_gets_a_border_of_zeros_above_and_below()
    {
        var white = Enumerable.Repeat((byte)255, 4 * 2 * 3).ToArray();

        var planes = Sample(white, 4, 2, inputSize: 4);

        float[] expected = [-1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1];
        Assert.Equal(expected, planes[..16]);
    }

    [Fact]
    public void Sampling_agrees_with_bilinear_interpolation_written_plainly()
    {
        const int width = 37, height = 23, inputSize = 16;
        var random = new Random(7);
        var bgr = new byte[width * height * 3];
        random.NextBytes(bgr);

        var planes = Sample(bgr, width, height, inputSize);

        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < inputSize; y++)
            {
                for (var x = 0; x < inputSize; x++)
                    Assert.Equal(
                        Plain(bgr, width, height, inputSize, 2 - channel, x, y),
                        planes[(((channel * inputSize) + y) * inputSize) + x], 1e-5);
            }
        }
    }

    [Fact]
    public void Rows_may_be_padded()
    {
        byte[] bgr = [1, 2, 3, 99, 4, 5, 6, 99];
        var planes = new float[3 * 4];
        new RegionSampler(2, InputFormat.Detection)
            .Sample(new Picture(bgr, 1, 2, strideBytes: 4), RegionOfInterest.Letterbox(1, 2), planes);
        Assert.DoesNotContain(99, planes.Select(Byte));
    }

    private static float[] Sample(byte[] bgr, int width, int height, int inputSize)
    {
        var planes = new float[3 * inputSize * inputSize];
        new RegionSampler(inputSize, InputFormat.Detection)
            .Sample(new Picture(bgr, width, height, width * 3), RegionOfInterest.Letterbox(width, height), planes);
        return planes;
    }

    /// <summary>
    /// The definition, in double precision: half-pixel centres, the nearest pixel beyond the picture's edge,
    /// zero outside the picture.
    /// </summary>
    private static double Plain(byte[] bgr, int width, int height, int inputSize, int channel, int x, int y)
    {
        var side = Math.Max(width, height);
        var centerX = ((x + 0.5) / inputSize * side) - ((side - width) / 2.0);
        var centerY = ((y + 0.5) / inputSize * side) - ((side - height) / 2.0);
        if (centerX < 0 || centerX > width || centerY < 0 || centerY > height)
            return -1;

        double left = Math.Floor(centerX - 0.5), top = Math.Floor(centerY - 0.5);
        double dx = centerX - 0.5 - left, dy = centerY - 0.5 - top;
        var value = (Pixel(left, top) * (1 - dx) * (1 - dy)) + (Pixel(left + 1, top) * dx * (1 - dy))
            + (Pixel(left, top + 1) * (1 - dx) * dy) + (Pixel(left + 1, top + 1) * dx * dy);
        return (value * 2 / 255) - 1;

        double Pixel(double px, double py) =>
            bgr[(((int)Math.Clamp(py, 0, height - 1) * width) + (int)Math.Clamp(px, 0, width - 1)) * 3 + channel];
    }

    private static int Byte(float value) => (int)Math.Round((value + 1) * 127.5f);

    private static void Near(Vector2 expected, Vector2 actual) =>
        Assert.True(Vector2.Distance(expected, actual) < 1e-6f, $"{expected} is not {actual}");
}
