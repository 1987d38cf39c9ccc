namespace EdgeCloud.ModelConverter.Onnx;

/// <summary>
/// An ONNX graph under construction. It holds itself well-formed: every name is written once and before it is read,
/// so that nodes stand in the topological order that ONNX asks for.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>Stands for an optional input that is not given.</summary>
    public const string AbsentInput = "";

    private readonly HashSet<string> _names = [];
    private readonly List<OnnxValue> _inputs = [];
    private readonly List<OnnxValue> _outputs = [];
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxInitializer> _initializers = [];

    public IReadOnlyList<OnnxValue> Inputs => _inputs;
    public IReadOnlyList<OnnxValue> Outputs => _outputs;
    public IReadOnlyList<OnnxNode> Nodes => _nodes;
    public IReadOnlyList<OnnxInitializer> Initializers => _initializers;

    public void AddInput(string name, int[] shape)
    {
        Define(name);
        _inputs.Add(new OnnxValue(name, shape));
    }

    public void AddOutput(string name, int[] shape)
    {
        Require(name);
        _outputs.Add(new OnnxValue(name, shape));
    }

    public string AddConstant(string name, Array values, params int[] shape)
    {
        Define(name);
        _initializers.Add(new OnnxInitializer(name, values, shape));
        return name;
    }

    public string AddNode(string operatorType, string[] inputs, string output, params OnnxAttribute[] attributes)
    {
        foreach (var input in inputs)
            Require(input);
        Define(output);
        _nodes.Add(new OnnxNode(operatorType, inputs, output, attributes));
        return output;
    }

    private void Define(string name)
    {
        if (!_names.Add(name))
            throw new InvalidOperationException($"'{name}' is written twice.");
    }

    private void Require(string name)
    {
        if (name != AbsentInput && !_names.Contains(name))
            throw new InvalidOperationException($"'{name}' is read before it is written.");
    }
}

/// <summary>An fp32 input or output of the graph.</summary>
internal sealed record OnnxValue(string Name, int[] Shape);

/// <summary>An operator of the default domain with one output.</summary>
internal sealed record OnnxNode(string OperatorType, string[] Inputs, string Output, OnnxAttribute[] Attributes);

/// <summary>A constant: <c>float[]</c> or <c>long[]</c> in row-major order.</summary>
internal sealed record OnnxInitializer(string Name, Array Values, int[] Shape);

/// <summary>An attribute: a <c>long</c>, a <c>long[]</c> or a <c>string</c>.</summary>
internal sealed record OnnxAttribute(string Name, object Value);
