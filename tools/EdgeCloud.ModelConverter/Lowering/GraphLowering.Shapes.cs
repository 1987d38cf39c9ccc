using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.Onnx;
using EdgeCloud.ModelConverter.TfLite;

namespace EdgeCloud.ModelConverter.Lowering;

/// <summary>Operators that move values or work on each by itself.</summary>
internal sealed partial class GraphLowering
{
    public void FoldConstant(TfLiteOperator op) => _constants.Fold(op);

    public void Add(TfLiteOperator op)
    {
        var (left, right) = (Shape(op.Inputs[0]), Shape(op.Inputs[1]));
        var rank = Math.Max(left.Length, right.Length);
        var sum = new int[rank];
        for (var axis = 1; axis <= rank; axis++)
        {
            var (a, b) = (axis <= left.Length ? left[^axis] : 1, axis <= right.Length ? right[^axis] : 1);
            if (a != b && a != 1 && b != 1)
                throw new ModelConversionException(
                    $"is damaged: ADD of shapes {TensorShape.Text(left)} and {TensorShape.Text(right)}.");
            sum[^axis] = Math.Max(a, b);
        }
        RequireShape(op, sum);
        Emit(op, "Add", [Operand(op.Inputs[0], rank), Operand(op.Inputs[1], rank)], Activation(op.Options!.Value, 0));
    }

    public void Concatenation(TfLiteOperator op)
    {
        var shapes = Array.ConvertAll(op.Inputs, input => input == -1 ? [] : Shape(input));
        var rank = shapes[0].Length;
        var axis = op.Options!.Value.Int32(0) is var given && given < 0 ? given + rank : given;
        if (axis < 0 || axis >= rank || !shapes.All(FitsTheFirst))
        {
            throw new ModelConversionException(
                "is damaged: CONCATENATION of shapes "
                + $"{string.Join(", ", shapes.Select(TensorShape.Text))} along axis {given}.");
        }

        int[] joined = [.. shapes[0]];
        joined[axis] = (int)Math.Min(int.MaxValue, shapes.Sum(shape => (long)shape[axis]));
        RequireShape(op, joined);
        Emit(op, "Concat", Array.ConvertAll(op.Inputs, input => Operand(input, rank)), Activation(op.Options!.Value, 1),
            new OnnxAttribute("axis", (long)TensorShape.AxisToOnnx(axis, rank)));

        bool FitsTheFirst(int[] shape) =>
            shape.Length == rank && shape.Index().All(size => size.Index == axis || size.Item == shapes[0][size.Index]);
    }

    /// <summary>The declared output shape decides; the shape operand only repeats it.</summary>
    public void Reshape(TfLiteOperator op)
    {
        var (from, to) = (Shape(op.Inputs[0]), Shape(op.Outputs[0]));
        if (TensorShape.Elements(model.Tensors[op.Inputs[0]]) != TensorShape.Elements(model.Tensors[op.Outputs[0]]))
            throw new ModelConversionException(
                $"is damaged: RESHAPE of {TensorShape.Text(from)} to {TensorShape.Text(to)}.");

        var name = model.Tensors[op.Outputs[0]].Name;
        var value = Activation(op.Inputs[0]);
        if (!IsSameInBothOrders(from))
            value = _graph.AddNode(
                "Transpose", [value], Unique($"{name}/nhwc"), new OnnxAttribute("perm", new long[] { 0, 2, 3, 1 }));
        if (IsSameInBothOrders(to))
        {
            Emit(op, "Reshape", [value, ShapeConstant(name, TensorShape.ToOnnx(to))], TfLiteActivation.None);
            return;
        }
        value = _graph.AddNode("Reshape", [value, ShapeConstant(name, to)], Unique($"{name}/reshaped"));
        Emit(op, "Transpose", [value], TfLiteActivation.None, new OnnxAttribute("perm", new long[] { 0, 3, 1, 2 }));
    }

    public void ResizeBilinear(TfLiteOperator op)
    {
        var input = ImageShape(op, op.Inputs[0]);
        if (_constants.Integers(op.Inputs[1]) is not [> 0 and var height, > 0 and var width])
            throw new ModelConversionException("is damaged: RESIZE_BILINEAR has no size of two numbers.");
        RequireShape(op, input[0], height, width, input[3]);

        var (alignCorners, halfPixelCenters) = (op.Options!.Value.Bool(2), op.Options!.Value.Bool(3));
        if (alignCorners && halfPixelCenters)
            throw new ModelConversionException(
                "is damaged: RESIZE_BILINEAR has both align_corners and half_pixel_centers.");

        var name = model.Tensors[op.Outputs[0]].Name;
        var (yScale, xScale) = ((float)height / input[1], (float)width / input[2]);
        // ONNX Runtime keeps its blocked layout through a Resize only with scales; but where a float cannot hold the
        // ratio, it rounds a pixel away.
        string[] target = (double)yScale * input[1] == height && (double)xScale * input[2] == width
            ? [_graph.AddConstant(Unique($"{name}/scales"), new[] { 1, 1, yScale, xScale }, 4)]
            : [OnnxGraph.AbsentInput, _graph.AddConstant(
                Unique($"{name}/sizes"), new long[] { input[0], input[3], height, width }, 4)];
        Emit(op, "Resize", [Activation(op.Inputs[0]), OnnxGraph.AbsentInput, .. target], TfLiteActivation.None,
            new OnnxAttribute("mode", "linear"),
            new OnnxAttribute(
                "coordinate_transformation_mode",
                alignCorners ? "align_corners" : halfPixelCenters ? "half_pixel" : "asymmetric"));
    }

    /// <summary>
    /// TFLite takes the block's row and column from the slow end of the channels, which ONNX calls depth-column-row.
    /// </summary>
    public void DepthToSpace(TfLiteOperator op)
    {
        var input = ImageShape(op, op.Inputs[0]);
        var block = op.Options!.Value.Int32(0);
        if (block is < 1 or > 256 || input[3] % (block * block) != 0)
            throw new ModelConversionException(
                $"is damaged: DEPTH_TO_SPACE of {input[3]} channels in blocks of {block}.");
        RequireShape(op, input[0], input[1] * block, input[2] * block, input[3] / (block * block));
        Emit(op, "DepthToSpace", [Activation(op.Inputs[0])], TfLiteActivation.None,
            new OnnxAttribute("blocksize", (long)block), new OnnxAttribute("mode", "DCR"));
    }

    public void Logistic(TfLiteOperator op)
    {
        RequireShape(op, Shape(op.Inputs[0]));
        Emit(op, "Sigmoid", [Activation(op.Inputs[0])], TfLiteActivation.None);
    }

    public void Rectify(TfLiteOperator op, TfLiteActivation activation)
    {
        RequireShape(op, Shape(op.Inputs[0]));
        var (input, output) = (Activation(op.Inputs[0]), OutputName(op.Outputs[0]));
        EmitActivation(op, activation, input, output);
        _values[op.Outputs[0]] = output;
    }

    private static bool IsSameInBothOrders(int[] shape) =>
        shape.Length != 4 || shape[3] == 1 || shape[1] * shape[2] == 1;

    private string ShapeConstant(string name, int[] shape) =>
        _graph.AddConstant(Unique($"{name}/shape"), Array.ConvertAll(shape, size => (long)size), shape.Length);
}
