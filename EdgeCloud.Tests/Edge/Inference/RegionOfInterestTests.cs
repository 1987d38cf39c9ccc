using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class RegionOfInterestTests
{
    [Theory]
    [InlineData(0, -100, 0)]
    [InlineData(100, 0, 90)]
    [InlineData(0, 100, -180)]
    [InlineData(-100, 0, -90)]
    [InlineData(100, -100, 45)]
    public void The_region_around_a_person_is_turned_as_the_person_is(
        float toRimX, float toRimY, double clockwiseDegrees)
    {
        var region = RegionOfInterest.AroundPerson(new Vector2(300, 200), new Vector2(300 + toRimX, 200 + toRimY));

        Assert.Equal(clockwiseDegrees, region.Rotation * 180 / Math.PI, 1e-4);
        Assert.Equal(2.5 * Math.Sqrt((toRimX * toRimX) + (toRimY * toRimY)), region.Side, 1e-3);
        Near(new Vector2(300, 200), region.ToPicture(new Vector2(0.5f)));

        // The rim is the middle of the upper edge, but for the quarter that is added on all sides.
        Near(new Vector2(300 + toRimX, 200 + toRimY), region.ToPicture(new Vector2(0.5f, 0.1f)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3f)]
    [InlineData(-2.9f)]
    public void What_is_projected_to_the_picture_comes_back_by_the_definition(float rotation)
    {
        var region = new RegionOfInterest(new Vector2(123, 45), 67, rotation);
        foreach (var relative in new Vector2[] { new(0, 0), new(1, 0), new(0.2f, 0.9f), new(-0.5f, 1.5f) })
        {
            // The definition: turned around the region's middle, scaled, moved to its centre; here
            // undone in double precision.
            var inPicture = region.ToPicture(relative);
            double x = (inPicture.X - 123) / 67.0, y = (inPicture.Y - 45) / 67.0;
            Assert.Equal(relative.X, (Math.Cos(rotation) * x) + (Math.Sin(rotation) * y) + 0.5, 1e-5);
            Assert.Equal(relative.Y, (-Math.Sin(rotation) * x) + (Math.Cos(rotation) * y) + 0.5, 1e-5);
        }
    }

    [Fact]
    public void Directions_are_turned_and_depth_is_not()
    {
        // A sixth of a half turn: sine 1/2, cosine √3/2.
        var turned = new RegionOfInterest(new Vector2(5, 5), 10, MathF.PI / 6).Turn(new Vector3(1, 2, 7));
        Assert.True(Vector3.Distance(new Vector3(-0.133975f, 2.232051f, 7), turned) < 1e-5f, $"{turned}");
    }

    [Fact]
    public void The_letterbox_is_the_upright_square_around_the_whole_picture()
    {
        var letterbox = RegionOfInterest.Letterbox(640, 480);
        Assert.Equal(0, letterbox.Rotation);
        Assert.Equal(new Vector2(0, -80), letterbox.ToPicture(Vector2.Zero));
        Assert.Equal(new Vector2(640, 560), letterbox.ToPicture(Vector2.One));
    }

    private static void Near(Vector2 expected, Vector2 actual) =>
        Assert.True(Vector2.Distance(expected, actual) < 1e-3f, $"{expected} is not {actual}");
}
