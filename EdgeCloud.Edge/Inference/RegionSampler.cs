using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// Fills a model's input from a region of a picture in one pass: bilinear sampling with half-pixel centres, normalisation, planar RGB.
/// A sample whose centre lies inside the picture blends only with pixels of the picture, as MediaPipe's GPU and web path does.
/// An upright region's taps are separable: computed once per region, which a letterbox keeps from frame to frame. Not thread-safe; allocates nothing.
/// </summary>
internal sealed class RegionSampler(int inputSize, Sampling sampling)
{
    private readonly Tap[] _columns = new Tap[inputSize];
    private readonly Tap[] _rows = new Tap[inputSize];
    private (int Width, int Height, RegionOfInterest Region) _prepared;

    /// <summary>Two neighbouring source indices and the weight of the second; in a border of zeros the first is negative.</summary>
    private readonly record struct Tap(int First, int Second, float SecondWeight)
    {
        public static readonly Tap Border = new(-1, -1, 0);

        /// <param name="center">The sample's centre, pixels.</param>
        /// <param name="length">How many pixels there are.</param>
        public static Tap At(float center, int length)
        {
            var source = Math.Clamp(center - 0.5f, 0, length - 1);
            var first = (int)source;
            return new Tap(first, Math.Min(first + 1, length - 1), source - first);
        }
    }

    /// <param name="picture">Where to sample.</param>
    /// <param name="region">What part of it.</param>
    /// <param name="planarRgb">Receives [3, inputSize, inputSize].</param>
    public void Sample(Picture picture, in RegionOfInterest region, Span<float> planarRgb)
    {
        if (region.Rotation == 0)
            SampleUpright(picture, region, planarRgb);
        else
            SampleTurned(picture, region, planarRgb);
    }

    private void SampleUpright(Picture picture, in RegionOfInterest region, Span<float> planarRgb)
    {
        if (_prepared != (picture.Width, picture.Height, region))
        {
            for (var i = 0; i < inputSize; i++)
            {
                var center = region.ToPicture(new Vector2((i + 0.5f) / inputSize));
                _columns[i] = IsBorder(center.X, picture.Width) ? Tap.Border : Tap.At(center.X, picture.Width);
                _rows[i] = IsBorder(center.Y, picture.Height) ? Tap.Border : Tap.At(center.Y, picture.Height);
            }

            _prepared = (picture.Width, picture.Height, region);
        }

        for (var y = 0; y < inputSize; y++)
        {
            var output = new OutputRow(planarRgb, inputSize, y);
            var row = _rows[y];
            if (row.First < 0)
            {
                output.Fill(sampling.Offset);
                continue;
            }

            var upper = picture.Row(row.First);
            var lower = picture.Row(row.Second);
            for (var x = 0; x < inputSize; x++)
            {
                if (_columns[x].First < 0)
                    output.Set(x, sampling.Offset);
                else
                    Blend(upper, lower, _columns[x], row.SecondWeight, output, x);
            }
        }
    }

    private void SampleTurned(Picture picture, in RegionOfInterest region, Span<float> planarRgb)
    {
        for (var y = 0; y < inputSize; y++)
        {
            var output = new OutputRow(planarRgb, inputSize, y);
            for (var x = 0; x < inputSize; x++)
            {
                var center = region.ToPicture(new Vector2(x + 0.5f, y + 0.5f) / inputSize);
                if (IsBorder(center.X, picture.Width) || IsBorder(center.Y, picture.Height))
                {
                    output.Set(x, sampling.Offset);
                    continue;
                }

                var row = Tap.At(center.Y, picture.Height);
                Blend(picture.Row(row.First), picture.Row(row.Second), Tap.At(center.X, picture.Width), row.SecondWeight, output, x);
            }
        }
    }

    private bool IsBorder(float center, int length) => sampling.ZeroBorder && (center < 0 || center > length);

    private void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Tap column, float lowerWeight, OutputRow output, int x)
    {
        var left = column.First * 3;
        var right = column.Second * 3;
        output.Blue[x] = Blend(upper[left], upper[right], lower[left], lower[right], column.SecondWeight, lowerWeight);
        output.Green[x] = Blend(upper[left + 1], upper[right + 1], lower[left + 1], lower[right + 1], column.SecondWeight, lowerWeight);
        output.Red[x] = Blend(upper[left + 2], upper[right + 2], lower[left + 2], lower[right + 2], column.SecondWeight, lowerWeight);
    }

    private float Blend(byte upperLeft, byte upperRight, byte lowerLeft, byte lowerRight, float rightWeight, float lowerWeight)
    {
        var upper = upperLeft + ((upperRight - upperLeft) * rightWeight);
        var lower = lowerLeft + ((lowerRight - lowerLeft) * rightWeight);
        return ((upper + ((lower - upper) * lowerWeight)) * sampling.Scale) + sampling.Offset;
    }

    private readonly ref struct OutputRow(Span<float> planarRgb, int size, int y)
    {
        public readonly Span<float> Red = planarRgb.Slice(y * size, size);
        public readonly Span<float> Green = planarRgb.Slice((size + y) * size, size);
        public readonly Span<float> Blue = planarRgb.Slice(((2 * size) + y) * size, size);

        public void Set(int x, float value) => Red[x] = Green[x] = Blue[x] = value;

        public void Fill(float value)
        {
            Red.Fill(value);
            Green.Fill(value);
            Blue.Fill(value);
        }
    }
}
