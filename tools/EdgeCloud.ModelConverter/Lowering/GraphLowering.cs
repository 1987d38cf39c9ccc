using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.Onnx;
using EdgeCloud.ModelConverter.TfLite;

namespace EdgeCloud.ModelConverter.Lowering;

/// <summary>
/// Turns TFLite operators, in their order, into ONNX nodes. Every activation of rank 4 is NCHW from the input
/// to the outputs; only a RESHAPE, which speaks of memory order, may have to go back to NHWC. Each operator's
/// output shape is computed anew and held against the one in the file. This part keeps the books; the operators
/// stand in the other parts.
/// </summary>
internal sealed partial class GraphLowering(TfLiteModel model)
{
    private readonly ConstantTensors _constants = new(model);
    private readonly OnnxGraph _graph = new();
    private readonly HashSet<string> _names = [];
    private readonly HashSet<int> _outputs = [];
    private readonly Dictionary<int, string> _values = [];
    private readonly Dictionary<int, FoldablePad> _foldablePads = [];
    private int _nameNumber;

    /// <summary>Lowers the model without the named outputs and what only they need.</summary>
    public OnnxGraph Lower(IEnumerable<string> withoutOutputs)
    {
        var outputs = KeptOutputs(withoutOutputs);
        _outputs.UnionWith(outputs);
        foreach (var tensor in model.Inputs.Concat(outputs))
        {
            var name = model.Tensors[tensor].Name;
            if (name.Length == 0 || !_names.Add(name))
                throw new ModelConversionException(
                    $"has more than one input or output named '{name}', or one without a name.");
        }

        foreach (var input in model.Inputs)
        {
            RequireFloat(model.Tensors[input]);
            _graph.AddInput(model.Tensors[input].Name, TensorShape.ToOnnx(Shape(input)));
            _values[input] = model.Tensors[input].Name;
        }
        foreach (var op in OperatorsBehind(outputs))
            OperatorRule.For(op).Lower(this, op);
        foreach (var output in outputs)
        {
            var shape = TensorShape.ToOnnx(Shape(output));
            _graph.AddOutput(Activation(output), shape);
        }
        return _graph;
    }

    private List<int> KeptOutputs(IEnumerable<string> without)
    {
        var names = model.Outputs.Select(output => model.Tensors[output].Name).ToList();
        var leftOut = without.ToHashSet();
        if (leftOut.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new ModelConversionException(
                $"has no output '{unknown}' to leave out; its outputs are {string.Join(", ", names)}.");
        if (leftOut.IsSupersetOf(names))
            throw new ModelConversionException("would have no output left.");
        var kept = model.Outputs.Where(output => !leftOut.Contains(model.Tensors[output].Name)).ToList();
        if (kept.FirstOrDefault(output => model.Inputs.Contains(output) || model.Tensors[output].IsConstant, -1)
            is var plain and not -1)
            throw new ModelConversionException(
                $"has output '{model.Tensors[plain].Name}' that no operator computes, which is not supported.");
        return kept;
    }

    private Stack<TfLiteOperator> OperatorsBehind(List<int> outputs)
    {
        var needed = outputs.ToHashSet();
        var operators = new Stack<TfLiteOperator>();
        foreach (var op in model.Operators.Reverse())
        {
            if (!op.Outputs.Any(needed.Contains))
                continue;
            needed.UnionWith(op.Inputs);
            operators.Push(op);
        }
        return operators;
    }

    /// <summary>The shape of an activation or weight, in TFLite's order.</summary>
    private int[] Shape(int tensor)
    {
        TensorShape.Elements(model.Tensors[tensor]);
        return model.Tensors[tensor].Shape;
    }

    private int[] ImageShape(TfLiteOperator op, int tensor) => Shape(tensor) is { Length: 4 } shape
        ? shape
        : throw new ModelConversionException(
            $"has {op.Name} on '{model.Tensors[tensor].Name}' of shape "
            + $"{TensorShape.Text(Shape(tensor))}; rank 4 is expected.");

    /// <summary>The name of the ONNX value that holds the tensor, in NCHW if it is of rank 4.</summary>
    private string Activation(int tensor)
    {
        if (_values.TryGetValue(tensor, out var name))
            return name;
        if (_foldablePads.TryGetValue(tensor, out var pad))
            return EmitPad(pad);
        throw new ModelConversionException(
            $"uses the constant '{model.Tensors[tensor].Name}' where only a computed tensor is supported.");
    }

    /// <summary>
    /// An operand that may be a constant, which broadcasts from the last axis where its rank is below
    /// <paramref name="rank"/>.
    /// </summary>
    private string Operand(int tensor, int rank)
    {
        if (!_constants.Contains(tensor))
        {
            return Shape(tensor).Length == rank
                ? Activation(tensor)
                : throw new ModelConversionException(
                    $"combines '{model.Tensors[tensor].Name}' with a tensor of another rank, which is not supported.");
        }

        var shape = Shape(tensor);
        var values = _constants.Floats(tensor);
        if (rank == 4 && shape.Length <= rank)
        {
            shape = [.. Enumerable.Repeat(1, rank - shape.Length), .. shape];
            values = TensorShape.ChannelsFirst(values, shape[0], shape[1] * shape[2], shape[3]);
        }
        return _graph.AddConstant(Unique(model.Tensors[tensor].Name), values, TensorShape.ToOnnx(shape));
    }

    /// <summary>
    /// Adds the node that computes the operator's output, and after it the activation that TFLite
    /// fuses into the operator.
    /// </summary>
    private void Emit(
        TfLiteOperator op, string operatorType, string[] inputs, TfLiteActivation activation,
        params OnnxAttribute[] attributes)
    {
        var output = OutputName(op.Outputs[0]);
        if (activation == TfLiteActivation.None)
            _graph.AddNode(operatorType, inputs, output, attributes);
        else
            EmitActivation(
                op, activation, _graph.AddNode(operatorType, inputs, Unique($"{output}/linear"), attributes), output);
        _values[op.Outputs[0]] = output;
    }

    private void EmitActivation(TfLiteOperator op, TfLiteActivation activation, string input, string output)
    {
        switch (activation)
        {
            case TfLiteActivation.Relu:
                _graph.AddNode("Relu", [input], output);
                break;
            case TfLiteActivation.Relu6:
                var zero = _graph.AddConstant(Unique($"{output}/min"), new float[] { 0 });
                var six = _graph.AddConstant(Unique($"{output}/max"), new float[] { 6 });
                _graph.AddNode("Clip", [input, zero, six], output);
                break;
            default:
                throw new ModelConversionException(
                    $"has {op.Name} with the fused activation {activation}; supported are None, Relu and Relu6.");
        }
    }

    private string OutputName(int tensor)
    {
        RequireFloat(model.Tensors[tensor]);
        return _outputs.Contains(tensor) ? model.Tensors[tensor].Name : Unique(model.Tensors[tensor].Name);
    }

    private static void RequireFloat(TfLiteTensor tensor)
    {
        if (tensor.Type != TfLiteType.Float32)
        {
            throw new ModelConversionException(
                $"has '{tensor.Name}' in {tensor.Type}; only fp32 is supported, "
                + "take the model's fp32 or fp16 variant.");
        }
    }

    private string Unique(string name)
    {
        var unique = name;
        while (!_names.Add(unique))
            unique = $"{name}#{_nameNumber++}";
        return unique;
    }

    private void RequireShape(TfLiteOperator op, params int[] computed)
    {
        var output = model.Tensors[op.Outputs[0]];
        if (!output.Shape.SequenceEqual(computed))
        {
            throw new ModelConversionException(
                $"is damaged: {op.Name} computes shape {TensorShape.Text(computed)}, '{output.Name}' "
                + $"is declared as {TensorShape.Text(output.Shape)}.");
        }
    }
}
