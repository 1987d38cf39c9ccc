namespace EdgeCloud.Edge.Inference;

/// <summary>
/// Fills a detector's input from a picture in one pass: letterbox, bilinear sampling with half-pixel centres, [-1, 1], planar RGB.
/// The border is zero before normalisation; a sample whose centre lies inside the picture blends only with pixels of the picture,
/// as MediaPipe's GPU and web path does. Taps are computed once per picture size. Not thread-safe; allocates only when the size changes.
/// </summary>
internal sealed class LetterboxSampler(int inputSize)
{
    private const float Border = -1f;

    private readonly Tap[] _columns = new Tap[inputSize];
    private readonly Tap[] _rows = new Tap[inputSize];
    private Letterbox _letterbox;

    /// <summary>Two neighbouring source indices and the weight of the second; outside the picture the first is negative.</summary>
    private readonly record struct Tap(int First, int Second, float SecondWeight);

    /// <param name="bgr">The picture: rows of B, G, R bytes.</param>
    /// <param name="strideBytes">From one row to the next.</param>
    /// <param name="letterbox">The picture's size.</param>
    /// <param name="planarRgb">Receives [3, inputSize, inputSize].</param>
    public void Sample(ReadOnlySpan<byte> bgr, int strideBytes, Letterbox letterbox, Span<float> planarRgb)
    {
        if (letterbox != _letterbox)
        {
            Prepare(_columns, letterbox.Width, letterbox.Origin.X, letterbox.Side);
            Prepare(_rows, letterbox.Height, letterbox.Origin.Y, letterbox.Side);
            _letterbox = letterbox;
        }

        var plane = inputSize * inputSize;
        var red = planarRgb[..plane];
        var green = planarRgb.Slice(plane, plane);
        var blue = planarRgb.Slice(2 * plane, plane);

        for (var y = 0; y < inputSize; y++)
        {
            var row = _rows[y];
            var start = y * inputSize;
            if (row.First < 0)
            {
                red.Slice(start, inputSize).Fill(Border);
                green.Slice(start, inputSize).Fill(Border);
                blue.Slice(start, inputSize).Fill(Border);
                continue;
            }

            var upper = bgr.Slice(row.First * strideBytes, letterbox.Width * 3);
            var lower = bgr.Slice(row.Second * strideBytes, letterbox.Width * 3);
            for (var x = 0; x < inputSize; x++)
            {
                var column = _columns[x];
                if (column.First < 0)
                {
                    red[start + x] = green[start + x] = blue[start + x] = Border;
                    continue;
                }

                var left = column.First * 3;
                var right = column.Second * 3;
                blue[start + x] = Blend(upper[left], upper[right], lower[left], lower[right], column.SecondWeight, row.SecondWeight);
                green[start + x] = Blend(upper[left + 1], upper[right + 1], lower[left + 1], lower[right + 1], column.SecondWeight, row.SecondWeight);
                red[start + x] = Blend(upper[left + 2], upper[right + 2], lower[left + 2], lower[right + 2], column.SecondWeight, row.SecondWeight);
            }
        }
    }

    private static float Blend(byte upperLeft, byte upperRight, byte lowerLeft, byte lowerRight, float rightWeight, float lowerWeight)
    {
        var upper = upperLeft + ((upperRight - upperLeft) * rightWeight);
        var lower = lowerLeft + ((lowerRight - lowerLeft) * rightWeight);
        return ((upper + ((lower - upper) * lowerWeight)) * (2f / 255f)) - 1f;
    }

    private void Prepare(Tap[] taps, int length, float origin, int side)
    {
        for (var i = 0; i < inputSize; i++)
        {
            var center = ((i + 0.5f) / inputSize * side) + origin;
            if (center < 0 || center > length)
            {
                taps[i] = new Tap(-1, -1, 0);
                continue;
            }

            var source = Math.Clamp(center - 0.5f, 0, length - 1);
            var first = (int)source;
            taps[i] = new Tap(first, Math.Min(first + 1, length - 1), source - first);
        }
    }
}
