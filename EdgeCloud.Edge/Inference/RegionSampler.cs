using System.Numerics;
using System.Runtime.Intrinsics;

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

            for (var x = 0; x < inputSize; x++)
            {
                if (_columns[x].First < 0)
                    output.Set(x, sampling.Offset);
                else
                    output.Set(x, Blend(picture, _columns[x], row));
            }
        }
    }

    private void SampleTurned(Picture picture, in RegionOfInterest region, Span<float> planarRgb)
    {
        var step = region.Right / inputSize;
        for (var y = 0; y < inputSize; y++)
        {
            var output = new OutputRow(planarRgb, inputSize, y);
            var start = region.ToPicture(new Vector2(0.5f, y + 0.5f) / inputSize);
            for (var x = 0; x < inputSize; x++)
            {
                var center = start + (x * step);
                if (IsBorder(center.X, picture.Width) || IsBorder(center.Y, picture.Height))
                {
                    output.Set(x, sampling.Offset);
                    continue;
                }

                output.Set(x, Blend(picture, Tap.At(center.X, picture.Width), Tap.At(center.Y, picture.Height)));
            }
        }
    }

    private bool IsBorder(float center, int length) => sampling.ZeroBorder && (center < 0 || center > length);

    /// <summary>The three channels at once; measured on turned regions, nearly twice as fast as one after the other.</summary>
    private Vector128<float> Blend(Picture picture, Tap column, Tap row)
    {
        var (left, right) = (column.First * 3, column.Second * 3);
        var (upper, lower) = (row.First * picture.StrideBytes, row.Second * picture.StrideBytes);
        var upperValue = Blend(picture.PixelAt(upper + left), picture.PixelAt(upper + right), column.SecondWeight);
        var lowerValue = Blend(picture.PixelAt(lower + left), picture.PixelAt(lower + right), column.SecondWeight);
        return (Blend(upperValue, lowerValue, row.SecondWeight) * sampling.Scale) + Vector128.Create(sampling.Offset);
    }

    private static Vector128<float> Blend(Vector128<float> first, Vector128<float> second, float secondWeight) => first + ((second - first) * secondWeight);

    private readonly ref struct OutputRow(Span<float> planarRgb, int size, int y)
    {
        private readonly Span<float> _red = planarRgb.Slice(y * size, size);
        private readonly Span<float> _green = planarRgb.Slice((size + y) * size, size);
        private readonly Span<float> _blue = planarRgb.Slice(((2 * size) + y) * size, size);

        public void Set(int x, float value) => _red[x] = _green[x] = _blue[x] = value;

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
