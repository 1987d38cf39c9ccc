using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.TfLite;

namespace EdgeCloud.ModelConverter.Lowering;

/// <summary>One axis of a convolution or pool: what it pads and how many places it finds.</summary>
internal readonly record struct SlidingWindow(int Output, int Before, int After, int Stride)
{
    /// <summary>
    /// SAME pads to ⌈input / stride⌉ places and puts an odd pixel of padding at the end; VALID pads nothing.
    /// </summary>
    public static SlidingWindow Over(
        TfLiteOperator op, int input, int filter, int stride, int dilation, TfLitePadding padding)
    {
        if (filter < 1 || stride < 1 || dilation < 1 || padding is not (TfLitePadding.Same or TfLitePadding.Valid))
        {
            throw new ModelConversionException(
                $"is damaged: {op.Name} has filter size {filter}, stride {stride}, "
                + $"dilation {dilation}, padding {padding}.");
        }

        var extent = (filter - 1L) * dilation + 1;
        if (padding == TfLitePadding.Valid)
        {
            if (extent > input)
                throw new ModelConversionException(
                    $"is damaged: {op.Name} slides a window of {extent} over {input} pixels.");
            return new SlidingWindow((int)((input - extent) / stride) + 1, 0, 0, stride);
        }

        var output = (int)((input + (long)stride - 1) / stride);
        var total = Math.Max((output - 1L) * stride + extent - input, 0);
        if (total > int.MaxValue)
            throw new ModelConversionException(
                $"is damaged: {op.Name} has filter size {filter}, stride {stride}, dilation {dilation}.");
        return new SlidingWindow(output, (int)(total / 2), (int)(total - total / 2), stride);
    }
}
