using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.FlatBuffers;
using EdgeCloud.ModelConverter.Onnx;
using EdgeCloud.ModelConverter.TfLite;

namespace EdgeCloud.ModelConverter.Lowering;

/// <summary>CONV_2D, DEPTHWISE_CONV_2D, MAX_POOL_2D, and PAD, which most often stands before one of them.</summary>
internal sealed partial class GraphLowering
{
    public void Convolution(TfLiteOperator op)
    {
        var options = op.Options!.Value;
        var (input, filter) = (ImageShape(op, op.Inputs[0]), ImageShape(op, op.Inputs[1]));
        var (count, depth) = (filter[0], filter[3]);
        if (input[3] % depth != 0 || count % (input[3] / depth) != 0)
            throw Mismatch(op, input, filter);

        var weights = TensorShape.ChannelsFirst(_constants.Floats(op.Inputs[1]), count, filter[1] * filter[2], depth);
        EmitConvolution(op, weights, [count, depth, filter[1], filter[2]], input[3] / depth, options,
            Dilation(options, heightField: 5, widthField: 4), Activation(options, 3));
    }

    public void DepthwiseConvolution(TfLiteOperator op)
    {
        var options = op.Options!.Value;
        var (input, filter) = (ImageShape(op, op.Inputs[0]), ImageShape(op, op.Inputs[1]));
        var count = filter[3];
        if (filter[0] != 1 || count % input[3] != 0)
            throw Mismatch(op, input, filter);

        var weights = TensorShape.ChannelsFirst(_constants.Floats(op.Inputs[1]), 1, filter[1] * filter[2], count);
        EmitConvolution(op, weights, [count, 1, filter[1], filter[2]], input[3], options,
            Dilation(options, heightField: 6, widthField: 5), Activation(options, 4));
    }

    public void MaxPool(TfLiteOperator op)
    {
        var options = op.Options!.Value;
        var input = ImageShape(op, op.Inputs[0]);
        var (height, width) = (options.Int32(4), options.Int32(3));
        var (y, x) = Slide(op, options, input, height, width, (1, 1));
        RequireShape(op, input[0], y.Output, x.Output, input[3]);
        Emit(op, "MaxPool", [Activation(op.Inputs[0])], Activation(options, 5),
            new OnnxAttribute("kernel_shape", new long[] { height, width }),
            new OnnxAttribute("strides", new long[] { y.Stride, x.Stride }),
            new OnnxAttribute("pads", new long[] { y.Before, x.Before, y.After, x.After }));
    }

    public void Pad(TfLiteOperator op)
    {
        var input = Shape(op.Inputs[0]);
        var amounts = _constants.Integers(op.Inputs[1]);
        if (amounts.Length != 2 * input.Length || amounts.Any(amount => amount is < 0 or > ushort.MaxValue))
        {
            throw new ModelConversionException(
                $"has PAD on '{model.Tensors[op.Inputs[0]].Name}' with amounts {TensorShape.Text(amounts)}, "
                + "which do not fit its shape.");
        }
        RequireShape(op, [.. input.Select((size, axis) => size + amounts[2 * axis] + amounts[2 * axis + 1])]);

        var pad = new FoldablePad(op, amounts);
        if (pad.IsSpatial)
            _foldablePads[op.Outputs[0]] = pad;
        else
            EmitPad(pad);
    }

    private string EmitPad(FoldablePad pad)
    {
        var rank = pad.Amounts.Length / 2;
        var amounts = new long[2 * rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var onnxAxis = TensorShape.AxisToOnnx(axis, rank);
            amounts[onnxAxis] = pad.Amounts[2 * axis];
            amounts[rank + onnxAxis] = pad.Amounts[2 * axis + 1];
        }
        var input = Activation(pad.Operator.Inputs[0]);
        var constant =
            _graph.AddConstant(Unique($"{model.Tensors[pad.Operator.Outputs[0]].Name}/pads"), amounts, amounts.Length);
        Emit(pad.Operator, "Pad", [input, constant], TfLiteActivation.None);
        return _values[pad.Operator.Outputs[0]];
    }

    private void EmitConvolution(
        TfLiteOperator op, float[] weights, int[] weightShape, int groups, FlatTable options,
        (int Height, int Width) dilation, TfLiteActivation activation)
    {
        var input = ImageShape(op, op.Inputs[0]);
        var (count, height, width) = (weightShape[0], weightShape[2], weightShape[3]);
        var (y, x) = Slide(op, options, input, height, width, dilation);
        RequireShape(op, input[0], y.Output, x.Output, count);

        var source = op.Inputs[0];
        var pads = new long[] { y.Before, x.Before, y.After, x.After };
        if (_foldablePads.TryGetValue(source, out var folded))
        {
            source = folded.Operator.Inputs[0];
            pads = [pads[0] + folded.Top, pads[1] + folded.Left, pads[2] + folded.Bottom, pads[3] + folded.Right];
        }

        var name = model.Tensors[op.Outputs[0]].Name;
        List<string> inputs = [Activation(source), _graph.AddConstant(Unique($"{name}/weights"), weights, weightShape)];
        if (op.Inputs is [_, _, not -1 and var bias])
        {
            if (Shape(bias) is not [var biases] || biases != count)
                throw Mismatch(op, input, Shape(bias));
            inputs.Add(_graph.AddConstant(Unique($"{name}/bias"), _constants.Floats(bias), count));
        }
        Emit(op, "Conv", [.. inputs], activation,
            new OnnxAttribute("kernel_shape", new long[] { height, width }),
            new OnnxAttribute("strides", new long[] { y.Stride, x.Stride }),
            new OnnxAttribute("dilations", new long[] { dilation.Height, dilation.Width }),
            new OnnxAttribute("pads", pads),
            new OnnxAttribute("group", (long)groups));
    }

    /// <summary>
    /// Both axes of a sliding window; padding and strides have the same field numbers in all three operators' options.
    /// </summary>
    private static (SlidingWindow Y, SlidingWindow X) Slide(
        TfLiteOperator op, FlatTable options, int[] input, int height, int width, (int Height, int Width) dilation)
    {
        var padding = (TfLitePadding)options.Byte(0);
        return (SlidingWindow.Over(op, input[1], height, options.Int32(2), dilation.Height, padding),
            SlidingWindow.Over(op, input[2], width, options.Int32(1), dilation.Width, padding));
    }

    private static (int Height, int Width) Dilation(FlatTable options, int heightField, int widthField) =>
        (options.Int32(heightField, absent: 1), options.Int32(widthField, absent: 1));

    private static TfLiteActivation Activation(FlatTable options, int field) => (TfLiteActivation)options.Byte(field);

    private static ModelConversionException Mismatch(TfLiteOperator op, int[] input, int[] weights) =>
        new($"is damaged: {op.Name} on shape {TensorShape.Text(input)} does not fit weights of "
            + $"shape {TensorShape.Text(weights)}.");

    /// <summary>
    /// A PAD that a convolution can take over into its own padding; a maximum pool cannot, as that pads with -∞.
    /// </summary>
    private sealed record FoldablePad(TfLiteOperator Operator, int[] Amounts)
    {
        public bool IsSpatial => Amounts is [0, 0, _, _, _, _, 0, 0];
        public int Top => Amounts[2];
        public int Bottom => Amounts[3];
        public int Left => Amounts[4];
        public int Right => Amounts[5];
    }
}
