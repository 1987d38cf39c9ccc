using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Zones;

/// <summary>
/// Points, lines and polygons. Distances are parts of the picture's height: x, which is relative to the width, is
/// stretched by the picture's aspect, its width over its height.
/// </summary>
internal static class ZoneGeometry
{
    /// <summary>Whether a point lies within a polygon, by how often a ray from it crosses the border.</summary>
    public static bool Contains(IReadOnlyList<Point> polygon, Point point)
    {
        var inside = false;
        for (int i = 0, j = polygon.Count - 1; i < polygon.Count; j = i++)
        {
            var (a, b) = (polygon[i], polygon[j]);
            if (a.Y > point.Y != b.Y > point.Y
                && point.X < ((b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y)) + a.X)
                inside = !inside;
        }

        return inside;
    }

    /// <returns>From a point to the border of a polygon, within it or without.</returns>
    public static double DistanceToBorder(IReadOnlyList<Point> polygon, Point point, double aspect)
    {
        var least = double.PositiveInfinity;
        for (int i = 0, j = polygon.Count - 1; i < polygon.Count; j = i++)
            least = Math.Min(least, DistanceToSegment(polygon[j], polygon[i], point, aspect));
        return least;
    }

    /// <returns>
    /// From a point to the endless line through two others; above 0 on the right-hand side of who goes from the first
    /// to the second.
    /// </returns>
    public static double SignedDistance(Point from, Point to, Point point, double aspect)
    {
        var (dx, dy) = ((to.X - from.X) * aspect, to.Y - from.Y);
        return ((dx * (point.Y - from.Y)) - (dy * (point.X - from.X) * aspect)) / Math.Sqrt((dx * dx) + (dy * dy));
    }

    /// <summary>
    /// Where the way from one point to another crosses the endless line through two others: 0 at the first of these,
    /// 1 at the second. Only for a way whose ends lie on different sides of it.
    /// </summary>
    public static double CrossingAt(Point from, Point to, Point start, Point end, double aspect)
    {
        var (before, after) = (SignedDistance(from, to, start, aspect), SignedDistance(from, to, end, aspect));
        var share = before / (before - after);
        var (x, y) = (start.X + (share * (end.X - start.X)), start.Y + (share * (end.Y - start.Y)));
        var (dx, dy) = ((to.X - from.X) * aspect, to.Y - from.Y);
        return (((x - from.X) * aspect * dx) + ((y - from.Y) * dy)) / ((dx * dx) + (dy * dy));
    }

    /// <summary>Whether no two sides of a polygon meet, but for neighbours at their corner.</summary>
    public static bool IsSimple(IReadOnlyList<Point> polygon)
    {
        var count = polygon.Count;
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                var (a, b, c, d) = (polygon[i], polygon[(i + 1) % count], polygon[j], polygon[(j + 1) % count]);
                var isNext = j == i + 1;
                if (isNext || (i == 0 && j == count - 1))
                {
                    // Neighbours share a corner; they must not lie upon each other.
                    var (corner, one, other) = isNext ? (b, a, d) : (a, b, c);
                    if (Side(corner, one, other) == 0 && IsBetween(corner, one, other))
                        return false;
                }
                else if (Meet(a, b, c, d))
                {
                    return false;
                }
            }
        }

        return true;

        // On one line already: on the same side of the corner.
        static bool IsBetween(Point corner, Point one, Point other) =>
            ((one.X - corner.X) * (other.X - corner.X)) + ((one.Y - corner.Y) * (other.Y - corner.Y)) >= 0;
    }

    /// <returns>Of a polygon, in parts of the picture.</returns>
    public static double Area(IReadOnlyList<Point> polygon)
    {
        var twice = 0.0;
        for (int i = 0, j = polygon.Count - 1; i < polygon.Count; j = i++)
            twice += (polygon[j].X * polygon[i].Y) - (polygon[i].X * polygon[j].Y);
        return Math.Abs(twice) / 2;
    }

    private static double DistanceToSegment(Point from, Point to, Point point, double aspect)
    {
        var (dx, dy) = ((to.X - from.X) * aspect, to.Y - from.Y);
        var (px, py) = ((point.X - from.X) * aspect, point.Y - from.Y);
        var length = (dx * dx) + (dy * dy);
        var along = length > 0 ? Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1) : 0;
        return Math.Sqrt(Square(px - (along * dx)) + Square(py - (along * dy)));
    }

    private static bool Meet(Point a, Point b, Point c, Point d)
    {
        var (abc, abd, cda, cdb) = (Side(a, b, c), Side(a, b, d), Side(c, d, a), Side(c, d, b));
        return (abc * abd < 0 && cda * cdb < 0)
            || (abc == 0 && Spans(a, b, c)) || (abd == 0 && Spans(a, b, d))
            || (cda == 0 && Spans(c, d, a)) || (cdb == 0 && Spans(c, d, b));
    }

    private static bool Spans(Point a, Point b, Point point) =>
        point.X >= Math.Min(a.X, b.X) && point.X <= Math.Max(a.X, b.X)
        && point.Y >= Math.Min(a.Y, b.Y) && point.Y <= Math.Max(a.Y, b.Y);

    private static double Side(Point a, Point b, Point point) =>
        ((b.X - a.X) * (point.Y - a.Y)) - ((b.Y - a.Y) * (point.X - a.X));

    private static double Square(double value) => value * value;
}
