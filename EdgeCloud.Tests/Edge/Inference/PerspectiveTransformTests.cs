using System.Numerics;
using EdgeCloud.Edge.Inference;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class PerspectiveTransformTests
{
    [Fact]
    public void Every_bit_is_OpenCV_s()
    {
        var random = new Random(11);
        for (var i = 0; i < 1000; i++)
        {
            var center = new Vector2(random.NextSingle(), random.NextSingle()) * 1280;
            AssertSame(new RegionOfInterest(center, random.NextSingle() * 1500, (random.NextSingle() - 0.5f) * 6), 256);
            AssertSame(RegionOfInterest.Letterbox(random.Next(1, 4000), random.Next(1, 4000)), 192);
        }
    }

    private static void AssertSame(RegionOfInterest region, int inputSize)
    {
        var box = new RotatedRect(
            new Point2f(region.Center.X, region.Center.Y), new Size2f(region.Side, region.Side),
            (float)(region.Rotation * 180f / Math.PI));
        using var matrix = Cv2.GetPerspectiveTransform(
            Cv2.BoxPoints(box),
            [
                new Point2f(0, inputSize), new Point2f(0, 0), new Point2f(inputSize, 0),
                new Point2f(inputSize, inputSize),
            ]);
        using var inverse = matrix.Inv().ToMat();
        inverse.GetArray(out double[] expected);

        var (x, y, w) = PerspectiveTransform.Of(region, inputSize);
        double[] actual = [x.X, x.Y, x.Constant, y.X, y.Y, y.Constant, w.X, w.Y, w.Constant];
        Assert.Equal(expected, actual);
    }
}
