using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// Along one axis of the picture, for each sample of one row of the input: the two pixels it lies between, the weight
/// of the second, and how much of it lies in the picture. As many samples at once as the processor has lanes; one by
/// one this took as long as the blending. Allocates nothing.
/// </summary>
internal sealed class Taps
{
    /// <summary>
    /// INTER_BITS of opencv/opencv modules/imgproc/include/opencv2/imgproc.hpp: warpPerspective rounds positions to
    /// 1/32 pixel.
    /// </summary>
    private const int FractionBits = 5;

    private const int FractionSteps = 1 << FractionBits;

    private readonly int _count;
    private readonly Sampling _sampling;

    /// <summary>Where the samples lie along the row, 0..1, for one way of sampling and the other.</summary>
    private readonly float[] _centers;
    private readonly double[] _corners;
    private readonly int[] _first;
    private readonly int[] _second;
    private readonly float[] _secondWeight;
    private readonly float[] _inside;
    private (double RowStart, float RowLength, int PixelCount, int PitchBytes) _placed;

    /// <param name="count">Samples in a row, and rows.</param>
    /// <param name="sampling">Where in the region they lie.</param>
    public Taps(int count, Sampling sampling)
    {
        (_count, _sampling) = (count, sampling);
        var whole = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        _centers = [.. Enumerable.Range(0, whole).Select(i => (i + 0.5f) / count)];
        _corners = [.. Enumerable.Range(0, whole).Select(i => (double)i / count)];
        (_first, _second, _secondWeight, _inside) =
            (new int[whole], new int[whole], new float[whole], new float[whole]);
    }

    /// <summary>Offsets in bytes, and from 1 for a sample inside to 0 for one outside.</summary>
    public (int First, int Second, float SecondWeight, float Inside) this[int index] =>
        (_first[index], _second[index], _secondWeight[index], _inside[index]);

    /// <param name="axis">Of the picture.</param>
    /// <param name="row">Of the input.</param>
    public void Place(in Axis axis, int row)
    {
        var rowStart = _sampling == Sampling.Corners
            ? axis.Origin + (_corners[row] * axis.Down)
            : axis.Origin + (_centers[row] * axis.Down);

        // An upright region's columns are the same for all rows, and a letterbox's from frame to frame.
        var place = (rowStart, axis.Right, axis.PixelCount, axis.PitchBytes);
        if (_placed == place)
            return;
        _placed = place;
        if (_sampling == Sampling.Corners)
            PlaceCorners(rowStart, axis);
        else
            PlaceCenters((float)rowStart, axis);
    }

    /// <summary>A sample whose centre lies in the picture blends with pixels of the picture only.</summary>
    private void PlaceCenters(float rowStart, in Axis axis)
    {
        var last = new Vector<int>(axis.PixelCount - 1);
        for (var i = 0; i < _centers.Length; i += Vector<float>.Count)
        {
            var center = Vector.FusedMultiplyAdd(
                new Vector<float>(_centers, i), new Vector<float>(axis.Right), new Vector<float>(rowStart));
            var source = Vector.Min(
                Vector.Max(center - new Vector<float>(0.5f), Vector<float>.Zero),
                new Vector<float>(axis.PixelCount - 1));
            var first = Vector.ConvertToInt32(source);
            (first * axis.PitchBytes).CopyTo(_first, i);
            (Vector.Min(first + Vector<int>.One, last) * axis.PitchBytes).CopyTo(_second, i);
            (source - Vector.ConvertToSingle(first)).CopyTo(_secondWeight, i);

            var isInside = Vector.GreaterThanOrEqual(center, Vector<float>.Zero)
                & Vector.LessThanOrEqual(center, new Vector<float>(axis.PixelCount));
            Vector.ConditionalSelect(isInside, Vector<float>.One, Vector<float>.Zero).CopyTo(_inside, i);
        }
    }

    /// <summary>
    /// Positions in double precision and rounded to the nearest step, as warpPerspective does; a sample at the
    /// picture's edge blends with what lies beyond.
    /// </summary>
    private void PlaceCorners(double rowStart, in Axis axis)
    {
        var last = new Vector<int>(axis.PixelCount - 1);
        for (var i = 0; i < _corners.Length; i += Vector<float>.Count)
        {
            var steps = Vector.ConvertToInt32(Vector.Narrow(
                Steps(rowStart, axis, i), Steps(rowStart, axis, i + Vector<double>.Count)));
            var first = Vector.ShiftRightArithmetic(steps, FractionBits);
            var second = first + Vector<int>.One;
            var secondWeight =
                Vector.ConvertToSingle(steps & new Vector<int>(FractionSteps - 1)) * (1f / FractionSteps);
            (Clamp(first, last) * axis.PitchBytes).CopyTo(_first, i);
            (Clamp(second, last) * axis.PitchBytes).CopyTo(_second, i);
            secondWeight.CopyTo(_secondWeight, i);

            // Beyond the edge both pixels are the same one, and only this says how much of it there is.
            var inside = Vector.ConditionalSelect(
                Vector.Equals(first, Clamp(first, last)), Vector<float>.One - secondWeight, Vector<float>.Zero);
            inside += Vector.ConditionalSelect(
                Vector.Equals(second, Clamp(second, last)), secondWeight, Vector<float>.Zero);
            inside.CopyTo(_inside, i);
        }
    }

    /// <returns>Positions from one pixel before the picture to one after it, which is as far out as any.</returns>
    private Vector<double> Steps(double rowStart, in Axis axis, int index)
    {
        var position = new Vector<double>(rowStart) + (new Vector<double>(_corners, index) * axis.Right);
        return Vector.Round(FractionSteps * Vector.Min(
            Vector.Max(position, new Vector<double>(-1)), new Vector<double>(axis.PixelCount)));
    }

    private static Vector<int> Clamp(Vector<int> pixels, Vector<int> last) =>
        Vector.Min(Vector.Max(pixels, Vector<int>.Zero), last);
}

/// <summary>One axis of a picture, and a region along it.</summary>
/// <param name="Origin">Of the region, pixels.</param>
/// <param name="Right">How far the region's rows go along this axis, pixels.</param>
/// <param name="Down">How far its columns go, pixels.</param>
/// <param name="PixelCount">Of the picture.</param>
/// <param name="PitchBytes">From one pixel of the picture to the next.</param>
internal readonly record struct Axis(float Origin, float Right, float Down, int PixelCount, int PitchBytes);
