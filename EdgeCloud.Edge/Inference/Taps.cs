using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// Along one axis of the picture, for each sample of one row of the input: the two pixels it lies between, the weight
/// of the second, and how much of it lies in the picture. As many samples at once as the processor has lanes; one by
/// one this took as long as the blending. Allocates nothing.
/// </summary>
internal sealed class Taps
{
    /// <summary>
    /// INTER_BITS of OpenCV's modules/imgproc/include/opencv2/imgproc.hpp: warpPerspective rounds positions to 1/32
    /// pixel.
    /// </summary>
    private const int FractionBits = 5;

    private const int FractionSteps = 1 << FractionBits;

    /// <summary>
    /// Columns that OpenCV's WarpPerspectiveInvoker computes from one start, of an input of 64 rows and columns or
    /// more.
    /// </summary>
    private const int BlockWidth = 64;

    /// <summary>The samples' centres along the row, 0..1.</summary>
    private readonly float[] _relative;

    /// <summary>Each column's block, and where in it the column is.</summary>
    private readonly double[] _blockStart;
    private readonly double[] _inBlock;
    private readonly int[] _first;
    private readonly int[] _second;
    private readonly float[] _secondWeight;
    private readonly float[] _inside;
    private (float RowStart, float RowLength, int PixelCount, int PitchBytes) _placed;

    /// <param name="count">Samples in a row.</param>
    public Taps(int count)
    {
        var lanes = Math.Max(Vector<float>.Count, Vector256<float>.Count);
        var whole = (count + lanes - 1) / lanes * lanes;
        _relative = [.. Enumerable.Range(0, whole).Select(i => (i + 0.5f) / count)];
        _blockStart = [.. Enumerable.Range(0, whole).Select(i => (double)(i - (i % BlockWidth)))];
        _inBlock = [.. Enumerable.Range(0, whole).Select(i => (double)(i % BlockWidth))];
        (_first, _second, _secondWeight, _inside) =
            (new int[whole], new int[whole], new float[whole], new float[whole]);
    }

    /// <summary>Whether no sample has anything of the picture along this axis.</summary>
    public bool IsOutside { get; private set; }

    /// <summary>Of eight samples, offsets in bytes.</summary>
    public Vector256<int> First(int index) => Vector256.Create<int>(_first.AsSpan(index));

    /// <inheritdoc cref="First"/>
    public Vector256<int> Second(int index) => Vector256.Create<int>(_second.AsSpan(index));

    public Vector256<float> SecondWeight(int index) => Vector256.Create<float>(_secondWeight.AsSpan(index));

    /// <summary>From 1 for a sample inside to 0 for one outside.</summary>
    public Vector256<float> Inside(int index) => Vector256.Create<float>(_inside.AsSpan(index));

    /// <summary>
    /// <see cref="Sampling.Centres"/>: a sample whose centre lies in the picture blends with pixels of the picture
    /// only.
    /// </summary>
    /// <param name="rowStart">Where the row starts, pixels.</param>
    /// <param name="rowLength">How far it goes along this axis, pixels.</param>
    /// <param name="pixelCount">Of the picture along this axis.</param>
    /// <param name="pitchBytes">From one pixel to the next.</param>
    public void Place(float rowStart, float rowLength, int pixelCount, int pitchBytes)
    {
        // An upright region's columns are the same for all rows, and a letterbox's from frame to frame.
        if (_placed == (rowStart, rowLength, pixelCount, pitchBytes))
            return;
        _placed = (rowStart, rowLength, pixelCount, pitchBytes);

        var most = Vector<float>.Zero;
        for (var i = 0; i < _relative.Length; i += Vector<float>.Count)
        {
            var center = Vector.FusedMultiplyAdd(
                new Vector<float>(_relative, i), new Vector<float>(rowLength), new Vector<float>(rowStart));
            var source = Vector.Min(
                Vector.Max(center - new Vector<float>(0.5f), Vector<float>.Zero),
                new Vector<float>(pixelCount - 1));
            var first = Vector.ConvertToInt32(source);
            (first * pitchBytes).CopyTo(_first, i);
            (Vector.Min(first + Vector<int>.One, new Vector<int>(pixelCount - 1)) * pitchBytes).CopyTo(_second, i);
            (source - Vector.ConvertToSingle(first)).CopyTo(_secondWeight, i);

            var isInside = Vector.GreaterThanOrEqual(center, Vector<float>.Zero)
                & Vector.LessThanOrEqual(center, new Vector<float>(pixelCount));
            var inside = Vector.ConditionalSelect(isInside, Vector<float>.One, Vector<float>.Zero);
            inside.CopyTo(_inside, i);
            most = Vector.Max(most, inside);
        }

        IsOutside = most == Vector<float>.Zero;
    }

    /// <summary>
    /// <see cref="Sampling.Corners"/>, as OpenCV's warpPerspective: positions in double precision, rounded to the
    /// nearest step; a sample at the picture's edge blends with what lies beyond.
    /// </summary>
    /// <param name="position">From the input to the picture along this axis.</param>
    /// <param name="divisor">What that is divided by.</param>
    /// <param name="row">Of the input.</param>
    /// <param name="pixelCount">Of the picture along this axis.</param>
    /// <param name="pitchBytes">From one pixel to the next.</param>
    public void Place(in LinearForm position, in LinearForm divisor, int row, int pixelCount, int pitchBytes)
    {
        var last = new Vector<int>(pixelCount - 1);
        var most = Vector<float>.Zero;
        for (var i = 0; i < _first.Length; i += Vector<float>.Count)
        {
            var steps = Vector.ConvertToInt32(Vector.Narrow(
                Steps(position, divisor, row, pixelCount, i),
                Steps(position, divisor, row, pixelCount, i + Vector<double>.Count)));
            var first = Vector.ShiftRightArithmetic(steps, FractionBits);
            var second = first + Vector<int>.One;
            var (firstInside, secondInside) = (Clamp(first, last), Clamp(second, last));
            var secondWeight =
                Vector.ConvertToSingle(steps & new Vector<int>(FractionSteps - 1)) * (1f / FractionSteps);
            (firstInside * pitchBytes).CopyTo(_first, i);
            (secondInside * pitchBytes).CopyTo(_second, i);
            secondWeight.CopyTo(_secondWeight, i);

            // Beyond the edge both are the same pixel, and only this says how much of it the sample has.
            var inside =
                Vector.ConditionalSelect(
                    Vector.Equals(first, firstInside), Vector<float>.One - secondWeight, Vector<float>.Zero)
                + Vector.ConditionalSelect(Vector.Equals(second, secondInside), secondWeight, Vector<float>.Zero);
            inside.CopyTo(_inside, i);
            most = Vector.Max(most, inside);
        }

        IsOutside = most == Vector<float>.Zero;
    }

    /// <returns>
    /// From one pixel before the picture to one after it: what lies further out is the same. Whole numbers, which fit
    /// a float.
    /// </returns>
    private Vector<double> Steps(in LinearForm position, in LinearForm divisor, int row, int pixelCount, int index)
    {
        var steps = At(position, row, index) * (new Vector<double>(FractionSteps) / At(divisor, row, index));
        return Vector.Round(Vector.Min(
            Vector.Max(steps, new Vector<double>(-FractionSteps)), new Vector<double>(pixelCount * FractionSteps)));
    }

    private Vector<double> At(in LinearForm form, int row, int index)
    {
        var start = (new Vector<double>(_blockStart, index) * form.X)
            + new Vector<double>(form.Y * row) + new Vector<double>(form.Constant);
        return start + (new Vector<double>(_inBlock, index) * form.X);
    }

    private static Vector<int> Clamp(Vector<int> pixels, Vector<int> last) =>
        Vector.Min(Vector.Max(pixels, Vector<int>.Zero), last);
}
