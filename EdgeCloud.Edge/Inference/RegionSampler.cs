using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// Fills a model's input from a region of a picture in one pass: bilinear sampling, normalisation, planar RGB. With
/// <see cref="Sampling.Corners"/> as OpenCV's warpPerspective does it for pictures of bytes, to the bit. Not
/// thread-safe; allocates nothing.
/// </summary>
internal sealed class RegionSampler(int inputSize, InputFormat format, Sampling sampling = Sampling.Centres)
{
    private readonly Taps _columns = new(inputSize);
    private readonly Taps _rows = new(inputSize);

    /// <param name="picture">Where to sample.</param>
    /// <param name="region">What part of it.</param>
    /// <param name="planarRgb">Receives [3, inputSize, inputSize].</param>
    public void Sample(Picture picture, in RegionOfInterest region, Span<float> planarRgb)
    {
        var transform = sampling == Sampling.Corners ? PerspectiveTransform.Of(region, inputSize) : default;
        for (var y = 0; y < inputSize; y++)
        {
            if (sampling == Sampling.Corners)
                PlaceCorners(picture, transform, y);
            else
                PlaceCenters(picture, region, y);

            var output = new OutputRow(planarRgb, inputSize, y);
            if (format.ZeroBorder && _rows.IsOutside)
                output.Fill(format.Offset);
            else
                SampleRow(picture, output);
        }
    }

    private void PlaceCenters(Picture picture, in RegionOfInterest region, int y)
    {
        var rowStart = region.ToPicture(new Vector2(0, (y + 0.5f) / inputSize));
        _columns.Place(rowStart.X, region.Right.X, picture.Width, Picture.PixelBytes);
        _rows.Place(rowStart.Y, region.Right.Y, picture.Height, picture.StrideBytes);
    }

    private void PlaceCorners(Picture picture, in PerspectiveTransform transform, int y)
    {
        _columns.Place(transform.X, transform.W, y, picture.Width, Picture.PixelBytes);
        _rows.Place(transform.Y, transform.W, y, picture.Height, picture.StrideBytes);
    }

    /// <summary>Eight samples at once: 1.5 to 1.7 times as fast as one by one (docs/benchmarks.md).</summary>
    private void SampleRow(Picture picture, OutputRow output)
    {
        var (scale, offset) = (Vector256.Create(format.Scale), Vector256.Create(format.Offset));
        var (isZeroBeyond, isByte) = (format.ZeroBorder, sampling == Sampling.Corners);
        for (var x = 0; x < inputSize; x += Vector256<float>.Count)
        {
            var around = picture.PixelsAround(_rows.First(x), _rows.Second(x), _columns.First(x), _columns.Second(x));
            var (rightWeight, lowerWeight) = (_columns.SecondWeight(x), _rows.SecondWeight(x));
            var blue = Blend(
                Blend(Channel(around.UpperLeft, 0), Channel(around.UpperRight, 0), rightWeight),
                Blend(Channel(around.LowerLeft, 0), Channel(around.LowerRight, 0), rightWeight), lowerWeight);
            var green = Blend(
                Blend(Channel(around.UpperLeft, 8), Channel(around.UpperRight, 8), rightWeight),
                Blend(Channel(around.LowerLeft, 8), Channel(around.LowerRight, 8), rightWeight), lowerWeight);
            var red = Blend(
                Blend(Channel(around.UpperLeft, 16), Channel(around.UpperRight, 16), rightWeight),
                Blend(Channel(around.LowerLeft, 16), Channel(around.LowerRight, 16), rightWeight), lowerWeight);
            if (isZeroBeyond)
            {
                var inside = _columns.Inside(x) * _rows.Inside(x);
                (blue, green, red) = (blue * inside, green * inside, red * inside);
            }

            // Exact up to here, since weights are 32nds: rounding is what OpenCV's 15 bits of fixed point come to.
            if (isByte)
                (blue, green, red) = (Round(blue), Round(green), Round(red));
            output.Blue(x, (blue * scale) + offset);
            output.Green(x, (green * scale) + offset);
            output.Red(x, (red * scale) + offset);
        }
    }

    private static Vector256<float> Round(Vector256<float> values) =>
        Vector256.Floor(values + Vector256.Create(0.5f));

    /// <param name="pixels">Of <see cref="Picture.PixelsAt"/>.</param>
    /// <param name="shift">Bits below the channel.</param>
    private static Vector256<float> Channel(Vector256<int> pixels, [ConstantExpected] int shift) =>
        Vector256.ConvertToSingle((pixels >>> shift) & Vector256.Create((int)byte.MaxValue));

    private static Vector256<float> Blend(Vector256<float> first, Vector256<float> second, Vector256<float> weight) =>
        first + ((second - first) * weight);

    private readonly ref struct OutputRow(Span<float> planarRgb, int size, int y)
    {
        private readonly Span<float> _red = planarRgb.Slice(y * size, size);
        private readonly Span<float> _green = planarRgb.Slice((size + y) * size, size);
        private readonly Span<float> _blue = planarRgb.Slice(((2 * size) + y) * size, size);

        public void Red(int x, Vector256<float> values) => Set(_red[x..], values);

        public void Green(int x, Vector256<float> values) => Set(_green[x..], values);

        public void Blue(int x, Vector256<float> values) => Set(_blue[x..], values);

        public void Fill(float value)
        {
            _red.Fill(value);
            _green.Fill(value);
            _blue.Fill(value);
        }

        private static void Set(Span<float> rest, Vector256<float> values)
        {
            if (!values.TryCopyTo(rest))
                SetLast(rest, values);
        }

        private static void SetLast(Span<float> rest, Vector256<float> values)
        {
            for (var i = 0; i < rest.Length; i++)
                rest[i] = values[i];
        }
    }
}
