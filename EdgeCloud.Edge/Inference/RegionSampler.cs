using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// Fills a model's input from a region of a picture in one pass: bilinear sampling with half-pixel centres,
/// normalisation, planar RGB. A sample whose centre lies inside the picture blends only with pixels of the picture, as
/// MediaPipe's GPU and web path does. Not thread-safe; allocates nothing.
/// </summary>
internal sealed class RegionSampler(int inputSize, Sampling sampling)
{
    private readonly Taps _columns = new(inputSize);
    private readonly Taps _rows = new(inputSize);

    /// <param name="picture">Where to sample.</param>
    /// <param name="region">What part of it.</param>
    /// <param name="planarRgb">Receives [3, inputSize, inputSize].</param>
    public void Sample(Picture picture, in RegionOfInterest region, Span<float> planarRgb)
    {
        for (var y = 0; y < inputSize; y++)
        {
            var output = new OutputRow(planarRgb, inputSize, y);
            var rowStart = region.ToPicture(new Vector2(0, (y + 0.5f) / inputSize));
            if (sampling.ZeroBorder && region.Right.Y == 0 && (rowStart.Y < 0 || rowStart.Y > picture.Height))
            {
                output.Fill(sampling.Offset);
                continue;
            }

            _columns.Place(rowStart.X, region.Right.X, picture.Width, Picture.PixelBytes);
            _rows.Place(rowStart.Y, region.Right.Y, picture.Height, picture.StrideBytes);
            SampleRow(picture, output);
        }
    }

    /// <summary>The three channels at once: nearly twice as fast as one after the other (docs/benchmarks.md).</summary>
    private void SampleRow(Picture picture, OutputRow output)
    {
        var (scale, offset) = (Vector128.Create(sampling.Scale), Vector128.Create(sampling.Offset));
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
            if (sampling.ZeroBorder)
                value *= column.Inside * row.Inside;
            output.Set(x, (value * scale) + offset);
        }
    }

    private static Vector128<float> Blend(Vector128<float> first, Vector128<float> second, float secondWeight) =>
        first + ((second - first) * secondWeight);

    /// <summary>
    /// Along one axis of the picture, for each sample of one row of the input: the two pixels it lies between, the
    /// weight of the second, and whether its centre lies in the picture. As many samples at once as the processor has
    /// lanes; one by one this took as long as the blending.
    /// </summary>
    private sealed class Taps
    {
        /// <summary>The samples' centres along the row, 0..1.</summary>
        private readonly float[] _relative;
        private readonly int[] _first;
        private readonly int[] _second;
        private readonly float[] _secondWeight;
        private readonly float[] _inside;
        private (float RowStart, float RowLength, int PixelCount, int PitchBytes) _placed;

        public Taps(int count)
        {
            var whole = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
            _relative = [.. Enumerable.Range(0, whole).Select(i => (i + 0.5f) / count)];
            (_first, _second, _secondWeight, _inside) =
                (new int[whole], new int[whole], new float[whole], new float[whole]);
        }

        /// <summary>Offsets in bytes, and 1 for a sample inside, 0 for one outside.</summary>
        public (int First, int Second, float SecondWeight, float Inside) this[int index] =>
            (_first[index], _second[index], _secondWeight[index], _inside[index]);

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
                Vector.ConditionalSelect(isInside, Vector<float>.One, Vector<float>.Zero).CopyTo(_inside, i);
            }
        }
    }

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
