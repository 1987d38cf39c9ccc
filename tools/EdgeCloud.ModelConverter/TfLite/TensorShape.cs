using EdgeCloud.ModelConverter.Errors;

namespace EdgeCloud.ModelConverter.TfLite;

/// <summary>Arithmetic on shapes, for rank 4 in TFLite's order NHWC.</summary>
internal static class TensorShape
{
    private const long MostElements = int.MaxValue / sizeof(float);

    public static long Elements(TfLiteTensor tensor)
    {
        var elements = 1L;
        foreach (var size in tensor.Shape)
        {
            if (size <= 0)
            {
                throw new ModelConversionException(
                    $"has tensor '{tensor.Name}' of shape {Text(tensor.Shape)}; only fixed, "
                    + "non-empty shapes are supported.");
            }
            elements *= size;
            if (elements > MostElements)
                throw new ModelConversionException(
                    $"has tensor '{tensor.Name}' of shape {Text(tensor.Shape)}, which is too large.");
        }
        return elements;
    }

    /// <summary>NHWC to NCHW; shapes of another rank are the same in both.</summary>
    public static int[] ToOnnx(int[] shape) => shape is [var n, var h, var w, var c] ? [n, c, h, w] : shape;

    /// <summary>
    /// Where axis <paramref name="axis"/> of an NHWC tensor is found in NCHW; for other ranks nothing moves.
    /// </summary>
    public static int AxisToOnnx(int axis, int rank) =>
        rank == 4 ? axis switch { 1 => 2, 2 => 3, 3 => 1, _ => axis } : axis;

    /// <summary>
    /// Reorders [batch, pixels, channels] to [batch, channels, pixels]: images NHWC → NCHW, filters OHWI → OIHW.
    /// </summary>
    public static float[] ChannelsFirst(float[] values, int batch, int pixels, int channels)
    {
        var result = new float[values.Length];
        for (var image = 0; image < batch; image++)
        {
            var start = image * pixels * channels;
            for (var channel = 0; channel < channels; channel++)
            {
                for (var pixel = 0; pixel < pixels; pixel++)
                    result[start + channel * pixels + pixel] = values[start + pixel * channels + channel];
            }
        }
        return result;
    }

    public static string Text(int[] shape) => $"[{string.Join(", ", shape)}]";
}
