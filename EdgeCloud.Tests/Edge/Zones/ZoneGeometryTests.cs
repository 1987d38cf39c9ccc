using System.Globalization;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Tests.Edge.Zones;

public sealed class ZoneGeometryTests
{
    private static readonly Point[] Square = [new(0.2, 0.2), new(0.6, 0.2), new(0.6, 0.6), new(0.2, 0.6)];

    private static readonly Point[] Arrow = [new(0, 0), new(1, 0.5), new(0, 1), new(0.5, 0.5)];

    [Theory]
    [InlineData(0.4, 0.4, true)]
    [InlineData(0.21, 0.59, true)]
    [InlineData(0.19, 0.4, false)]
    [InlineData(0.4, 0.61, false)]
    public void A_point_is_in_a_square_or_it_is_not(double x, double y, bool expected) =>
        Assert.Equal(expected, ZoneGeometry.Contains(Square, new Point(x, y)));

    [Theory]
    [InlineData(0.7, 0.5, true)]
    [InlineData(0.3, 0.5, false)]
    [InlineData(0.3, 0.2, true)]
    public void The_dent_of_a_polygon_is_not_in_it(double x, double y, bool expected) =>
        Assert.Equal(expected, ZoneGeometry.Contains(Arrow, new Point(x, y)));

    [Fact]
    public void A_point_is_in_a_polygon_whichever_way_round_its_corners_are_told()
    {
        var random = new Random(5);
        for (var i = 0; i < 500; i++)
        {
            var point = new Point(random.NextDouble(), random.NextDouble());
            Assert.Equal(
                ZoneGeometry.Contains(Arrow, point), ZoneGeometry.Contains([.. Arrow.Reverse()], point));
        }
    }

    [Fact]
    public void Distances_are_parts_of_the_pictures_height()
    {
        Assert.Equal(0.2, ZoneGeometry.DistanceToBorder(Square, new Point(0.1, 0.4), aspect: 2), 9);
        Assert.Equal(0.1, ZoneGeometry.DistanceToBorder(Square, new Point(0.4, 0.7), aspect: 2), 9);
        Assert.Equal(
            -0.2, ZoneGeometry.SignedDistance(new(0.5, 0), new(0.5, 1), new Point(0.6, 0.3), aspect: 2), 9);
    }

    [Fact]
    public void Who_goes_along_a_line_has_its_right_hand_side_above_zero()
    {
        // Down the picture the right hand is on the left; to the right it is below.
        Assert.True(ZoneGeometry.SignedDistance(new(0.5, 0), new(0.5, 1), new Point(0.3, 0.5), 1) > 0);
        Assert.True(ZoneGeometry.SignedDistance(new(0, 0.5), new(1, 0.5), new Point(0.5, 0.7), 1) > 0);
    }

    [Fact]
    public void A_way_crosses_a_line_between_its_ends_or_past_them()
    {
        Point from = new(0.5, 0.2), to = new(0.5, 0.6);
        Assert.Equal(0.5, ZoneGeometry.CrossingAt(from, to, new(0.4, 0.4), new(0.6, 0.4), aspect: 1.5), 9);
        Assert.True(ZoneGeometry.CrossingAt(from, to, new(0.4, 0.9), new(0.6, 0.9), aspect: 1.5) > 1);
        Assert.True(ZoneGeometry.CrossingAt(from, to, new(0.4, 0.1), new(0.6, 0.1), aspect: 1.5) < 0);
    }

    [Theory]
    [InlineData("0 0 1 0 1 1 0 1", true)]
    [InlineData("0 0 1 0.5 0 1 0.5 0.5", true)]
    [InlineData("0 0 1 1 1 0 0 1", false)]
    [InlineData("0 0 1 0 0.5 0 0 1", false)]
    [InlineData("0 0 1 0 1 1 0.5 0", false)]
    [InlineData("0 0 1 0 0 0 0 1", false)]
    public void A_polygon_whose_sides_meet_is_not_simple(string numbers, bool expected) => Assert.Equal(
        expected,
        ZoneGeometry.IsSimple([.. numbers.Split(' ')
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).Chunk(2)
            .Select(pair => new Point(pair[0], pair[1]))]));
}
