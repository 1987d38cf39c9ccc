using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// From positions in a model's input to positions in the picture, pixels, computed in the order in which OpenCV's
/// boxPoints, getPerspectiveTransform and warpPerspective do: the last bits decide which way a position goes that lies
/// between two of the steps to which it is rounded, and in a picture of odd size every other one may. Of a
/// parallelogram, so that <paramref name="W"/> is 1 but for these bits.
/// </summary>
/// <param name="X">Along the picture's width, times <paramref name="W"/>.</param>
/// <param name="Y">Along its height, times <paramref name="W"/>.</param>
/// <param name="W">What both are divided by.</param>
internal readonly record struct PerspectiveTransform(LinearForm X, LinearForm Y, LinearForm W)
{
    private const int Unknowns = 8;
    private const int RowLength = Unknowns + 1;

    /// <param name="region">Its corners are those of the input.</param>
    /// <param name="inputSize">Pixels.</param>
    public static PerspectiveTransform Of(in RegionOfInterest region, int inputSize)
    {
        var radians = (float)(region.Rotation * 180f / Math.PI) * Math.PI / 180;
        var (sin, cos) = ((float)Math.Sin(radians) * 0.5f, (float)Math.Cos(radians) * 0.5f);
        var (center, side) = (region.Center, region.Side);
        var lowerLeft = new Vector2(center.X - (sin * side) - (cos * side), center.Y + (cos * side) - (sin * side));
        var upperLeft = new Vector2(center.X + (sin * side) - (cos * side), center.Y - (cos * side) - (sin * side));

        Span<double> equations = stackalloc double[Unknowns * RowLength];
        Equate(equations, 0, lowerLeft, new Vector2(0, inputSize));
        Equate(equations, 1, upperLeft, Vector2.Zero);
        Equate(equations, 2, (2 * center) - lowerLeft, new Vector2(inputSize, 0));
        Equate(equations, 3, (2 * center) - upperLeft, new Vector2(inputSize, inputSize));
        Span<double> solution = stackalloc double[Unknowns];
        Solve(equations, solution);
        return Invert(
            new LinearForm(solution[0], solution[1], solution[2]),
            new LinearForm(solution[3], solution[4], solution[5]), new LinearForm(solution[6], solution[7], 1));
    }

    /// <summary>The two equations of one corner. The products are rounded to float, as OpenCV's are.</summary>
    private static void Equate(Span<double> equations, int corner, Vector2 picture, Vector2 input)
    {
        ReadOnlySpan<double> x =
            [picture.X, picture.Y, 1, 0, 0, 0, -picture.X * input.X, -picture.Y * input.X, input.X];
        ReadOnlySpan<double> y =
            [0, 0, 0, picture.X, picture.Y, 1, -picture.X * input.Y, -picture.Y * input.Y, input.Y];
        x.CopyTo(equations[(corner * RowLength)..]);
        y.CopyTo(equations[((corner + 4) * RowLength)..]);
    }

    /// <summary>Gaussian elimination with partial pivoting.</summary>
    private static void Solve(Span<double> equations, Span<double> solution)
    {
        for (var i = 0; i < Unknowns; i++)
        {
            var pivot = i;
            for (var j = i + 1; j < Unknowns; j++)
            {
                if (Math.Abs(equations[(j * RowLength) + i]) > Math.Abs(equations[(pivot * RowLength) + i]))
                    pivot = j;
            }

            var row = equations.Slice(i * RowLength, RowLength);
            for (var k = 0; k < RowLength && pivot != i; k++)
                (row[k], equations[(pivot * RowLength) + k]) = (equations[(pivot * RowLength) + k], row[k]);

            var reciprocal = -1 / row[i];
            for (var j = i + 1; j < Unknowns; j++)
            {
                var other = equations.Slice(j * RowLength, RowLength);
                var factor = other[i] * reciprocal;
                for (var k = i + 1; k < RowLength; k++)
                    other[k] += factor * row[k];
            }
        }

        for (var i = Unknowns - 1; i >= 0; i--)
        {
            var row = equations.Slice(i * RowLength, RowLength);
            var sum = row[Unknowns];
            for (var k = i + 1; k < Unknowns; k++)
                sum -= row[k] * solution[k];
            solution[i] = sum / row[i];
        }
    }

    private static PerspectiveTransform Invert(LinearForm a, LinearForm b, LinearForm c)
    {
        var d = 1 / ((a.X * ((b.Y * c.Constant) - (b.Constant * c.Y)))
            - (a.Y * ((b.X * c.Constant) - (b.Constant * c.X))) + (a.Constant * ((b.X * c.Y) - (b.Y * c.X))));
        return new PerspectiveTransform(
            new LinearForm(
                ((b.Y * c.Constant) - (b.Constant * c.Y)) * d, ((a.Constant * c.Y) - (a.Y * c.Constant)) * d,
                ((a.Y * b.Constant) - (a.Constant * b.Y)) * d),
            new LinearForm(
                ((b.Constant * c.X) - (b.X * c.Constant)) * d, ((a.X * c.Constant) - (a.Constant * c.X)) * d,
                ((a.Constant * b.X) - (a.X * b.Constant)) * d),
            new LinearForm(
                ((b.X * c.Y) - (b.Y * c.X)) * d, ((a.Y * c.X) - (a.X * c.Y)) * d, ((a.X * b.Y) - (a.Y * b.X)) * d));
    }
}

/// <summary>x · X + y · Y + Constant.</summary>
internal readonly record struct LinearForm(double X, double Y, double Constant);
