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

    /// <summary>The three channels at once: nearly twice as fast as one after the other (docs/benchmarks.md).</summary>
    private void SampleRow(Picture picture, OutputRow output)
    {
        var (scale, offset) = (Vector128.Create(format.Scale), Vector128.Create(format.Offset));
        var (isZeroBeyond, isByte) = (format.ZeroBorder, sampling == Sampling.Corners);
        for (var x = 0; x < inputSize; x++)
        {
            var (column, row) = (_columns[x], _rows[x]);
            var upper = Blend(
                picture.PixelAt(row.First + column.First), picture.PixelAt(row.First + column.Second),
                column.SecondWeight);
            var lower = Blend(
                picture.PixelAt(row.Second + column.First), picture.PixelAt(row.Second + column.Second),
                column.SecondWeight);
            var value = Blend(upper, lower, row.SecondWeight);
            if (isZeroBeyond)
                value *= column.Inside * row.Inside;

            // Exact up to here, since weights are 32nds: rounding is what OpenCV's 15 bits of fixed point come to.
            if (isByte)
                value = Vector128.Floor(value + Vector128.Create(0.5f));
            output.Set(x, (value * scale) + offset);
        }
    }

    private static Vector128<float> Blend(Vector128<float> first, Vector128<float> second, float secondWeight) =>
        first + ((second - first) * secondWeight);

    private readonly ref struct OutputRow(Span<float> planarRgb, int size, int y)
    {
        private readonly Span<float> _red = planarRgb.Slice(y * size, size);
        private readonly Span<float> _green = planarRgb.Slice((size + y) * size, size);
        private readonly Span<float> _blue = planarRgb.Slice(((2 * size) + y) * size, size);

        public void Set(int x, Vector128<float> bgr)
        {
            _blue[x] = bgr[0];
            _green[x] = bgr[1];
            _red[x] = bgr[2];
        }

        public void Fill(float value)
        {
            _red.Fill(value);
            _green.Fill(value);
            _blue.Fill(value);
        }
    }
}
