using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

/// <summary>Letterboxes have their own tests; here are regions in general.</summary>
public sealed class RegionSamplerTests
{
    private const int Width = 37;
    private const int Height = 23;
    private const int StrideBytes = (Width * 3) + 5;
    private const int InputSize = 16;

    private static readonly byte[] Bgr = Noise();

    [Theory]
    [InlineData(18.5f, 11.5f, 20, 0.4f)]
    [InlineData(5, 5, 9, -2.2f)]
    [InlineData(0, 23, 60, 3.1f)]
    [InlineData(30, 10, 25, 0)]
    [InlineData(-400, -400, 3, 0.1f)]
    public void Sampling_agrees_with_the_definition_written_plainly_whatever_the_region(
        float x, float y, float side, float rotation)
    {
        var region = new RegionOfInterest(new Vector2(x, y), side, rotation);
        foreach (var format in new[] { InputFormat.Detection, InputFormat.Landmarks })
        {
            var planes = Sample(format, region);
            for (var i = 0; i < planes.Length; i++)
            {
                var (channel, row, column) = (i / (InputSize * InputSize), i / InputSize % InputSize, i % InputSize);
                if (!IsAtTheEdge(region, column, row))
                    Assert.Equal(Plain(format, region, 2 - channel, column, row), planes[i], 2e-5);
            }
        }
    }

    [Theory]
    [InlineData(18.5f, 11.5f, 20, 0.4f)]
    [InlineData(5, 5, 9, -2.2f)]
    [InlineData(0, 23, 60, 3.1f)]
    [InlineData(30, 10, 25, 0)]
    [InlineData(18.5f, 11.5f, 37, 0)]
    [InlineData(-400, -400, 3, 0.1f)]
    public void From_corners_every_sample_is_the_one_of_OpenCV_s_fixed_point(
        float x, float y, float side, float rotation)
    {
        var region = new RegionOfInterest(new Vector2(x, y), side, rotation);
        foreach (var format in new[] { InputFormat.Detection, InputFormat.Landmarks })
        {
            var planes = Sample(format, region, Sampling.Corners);
            for (var i = 0; i < planes.Length; i++)
            {
                var (channel, row, column) = (i / (InputSize * InputSize), i / InputSize % InputSize, i % InputSize);
                var value = FixedPoint(format, region, 2 - channel, column, row);
                Assert.Equal((value * format.Scale) + format.Offset, planes[i]);
            }
        }
    }

    [Fact]
    public void An_upright_region_and_one_turned_by_next_to_nothing_look_the_same()
    {
        var upright = Sample(InputFormat.Landmarks, new RegionOfInterest(new Vector2(15, 10), 17, 0));
        var turned = Sample(InputFormat.Landmarks, new RegionOfInterest(new Vector2(15, 10), 17, 1e-7f));
        Assert.All(upright.Zip(turned), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void The_next_region_of_the_same_sampler_has_nothing_of_the_one_before()
    {
        var sampler = new RegionSampler(InputSize, InputFormat.Landmarks);
        var planes = new float[3 * InputSize * InputSize];
        var second = new RegionOfInterest(new Vector2(20, 12), 10, 0);
        sampler.Sample(
            new Picture(Bgr, Width, Height, StrideBytes), new RegionOfInterest(new Vector2(8, 8), 10, 0), planes);
        sampler.Sample(new Picture(Bgr, Width, Height, StrideBytes), second, planes);
        Assert.Equal(Sample(InputFormat.Landmarks, second), planes);
    }

    [Fact]
    public void A_picture_of_one_pixel_is_that_pixel_everywhere()
    {
        foreach (var sampling in new[] { Sampling.Centres, Sampling.Corners })
        {
            var planes = new float[3 * InputSize * InputSize];
            new RegionSampler(InputSize, InputFormat.Landmarks, sampling).Sample(
                new Picture([10, 20, 30], 1, 1, Picture.PixelBytes), RegionOfInterest.Letterbox(1, 1), planes);

            Assert.Equal(
                new[] { 30f, 20f, 10f }.SelectMany(value => Enumerable.Repeat(value / 255, InputSize * InputSize)),
                planes, (one, other) => Math.Abs(one - other) < 1e-6);
        }
    }

    [Fact]
    public void Sampling_allocates_nothing()
    {
        var centers = new RegionSampler(InputSize, InputFormat.Landmarks);
        var corners = new RegionSampler(InputSize, InputFormat.Landmarks, Sampling.Corners);
        var planes = new float[3 * InputSize * InputSize];
        Sample();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Sample();

        // The runtime itself may allocate a few bytes, once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);

        void Sample()
        {
            foreach (var rotation in (ReadOnlySpan<float>)[0, 1])
            {
                var region = new RegionOfInterest(new Vector2(20, 12), 10, rotation);
                centers.Sample(new Picture(Bgr, Width, Height, StrideBytes), region, planes);
                corners.Sample(new Picture(Bgr, Width, Height, StrideBytes), region, planes);
            }
        }
    }

    private static float[] Sample(
        InputFormat format, RegionOfInterest region, Sampling sampling = Sampling.Centres)
    {
        var planes = new float[3 * InputSize * InputSize];
        new RegionSampler(InputSize, format, sampling)
            .Sample(new Picture(Bgr, Width, Height, StrideBytes), region, planes);
        return planes;
    }

    /// <summary>
    /// Positions in 32nds of a pixel, weights in 1024ths, the result a byte; beyond the picture's edge zeros or its
    /// nearest pixel.
    /// </summary>
    private static int FixedPoint(InputFormat format, RegionOfInterest region, int channel, int column, int row)
    {
        var (x, y, w) = PerspectiveTransform.Of(region, InputSize);
        var (left, top) = (Steps(x), Steps(y));
        var (right, lower) = (left & 31, top & 31);
        var sum = (Pixel(0, 0) * (32 - right) * (32 - lower)) + (Pixel(1, 0) * right * (32 - lower))
            + (Pixel(0, 1) * (32 - right) * lower) + (Pixel(1, 1) * right * lower);
        return (sum + 512) >> 10;

        int Steps(LinearForm form) => (int)Math.Round(At(form) * (32 / At(w)));

        double At(LinearForm form) => (form.Y * row) + form.Constant + (form.X * column);

        int Pixel(int dx, int dy)
        {
            var (px, py) = ((left >> 5) + dx, (top >> 5) + dy);
            if (format.ZeroBorder && (px is < 0 or >= Width || py is < 0 or >= Height))
                return 0;
            return Bgr[(Math.Clamp(py, 0, Height - 1) * StrideBytes) + (Math.Clamp(px, 0, Width - 1) * 3) + channel];
        }
    }

    /// <summary>
    /// In double precision: the centre of the sample, half-pixel centres, the nearest pixel beyond the picture's
    /// edge, or zero outside of it.
    /// </summary>
    private static double Plain(InputFormat format, RegionOfInterest region, int channel, int column, int row)
    {
        var (centerX, centerY) = Center(region, column, row);
        if (format.ZeroBorder && (centerX < 0 || centerX > Width || centerY < 0 || centerY > Height))
            return format.Offset;

        double left = Math.Floor(centerX - 0.5), top = Math.Floor(centerY - 0.5);
        double dx = centerX - 0.5 - left, dy = centerY - 0.5 - top;
        var value = (Pixel(left, top) * (1 - dx) * (1 - dy)) + (Pixel(left + 1, top) * dx * (1 - dy))
            + (Pixel(left, top + 1) * (1 - dx) * dy) + (Pixel(left + 1, top + 1) * dx * dy);
        return (value * format.Scale) + format.Offset;

        double Pixel(double x, double y) =>
            Bgr[((int)Math.Clamp(y, 0, Height - 1) * StrideBytes) + ((int)Math.Clamp(x, 0, Width - 1) * 3) + channel];
    }

    private static (double X, double Y) Center(RegionOfInterest region, int column, int row)
    {
        var middle = region.ToPicture(new Vector2(0.5f));
        double x = ((column + 0.5) / InputSize) - 0.5, y = ((row + 0.5) / InputSize) - 0.5;
        var (sin, cos) = Math.SinCos(region.Rotation);
        return (middle.X + (region.Side * ((cos * x) - (sin * y))), middle.Y + (region.Side * ((sin * x) + (cos * y))));
    }

    /// <summary>Where rounding decides whether the sample is inside.</summary>
    private static bool IsAtTheEdge(RegionOfInterest region, int column, int row)
    {
        var (x, y) = Center(region, column, row);
        return new[] { x, x - Width, y, y - Height }.Any(distance => Math.Abs(distance) < 1e-4);
    }

    private static byte[] Noise()
    {
        var bytes = new byte[StrideBytes * Height];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
