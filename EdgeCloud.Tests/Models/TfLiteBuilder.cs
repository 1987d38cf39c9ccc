using Table = EdgeCloud.Tests.Models.FlatBufferWriter.Table;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// Builds small TFLite files, tensor by tensor and operator by operator; shapes are given, not
/// derived, as in the format.
/// </summary>
internal sealed class TfLiteBuilder
{
    public const int Float32 = 0, Float16 = 1, Int32 = 2, Int8 = 9;

    private readonly List<Table> _tensors = [];
    private readonly List<Table> _buffers = [new Table()];
    private readonly List<Table> _codes = [];
    private readonly List<Table> _operators = [];
    private readonly List<int> _inputs = [];
    private readonly List<int> _outputs = [];
    private readonly Random _random = new(7);

    public int SchemaVersion { get; set; } = 3;

    public int Input(string name, params int[] shape) => Input(Float32, name, shape);

    public int Input(int type, string name, int[] shape)
    {
        var input = Tensor(name, type, shape);
        _inputs.Add(input);
        return input;
    }

    public int Tensor(string name, int type, int[] shape, byte[]? data = null, Table? sparsity = null)
    {
        var tensor = new Table { [0] = shape, [1] = (byte)type, [2] = data is null ? 0 : _buffers.Count, [3] = name };
        if (data is not null)
            _buffers.Add(new Table { [0] = data });
        if (sparsity is not null)
            tensor[6] = sparsity;
        _tensors.Add(tensor);
        return _tensors.Count - 1;
    }

    public int Weights(params int[] shape) =>
        Floats(Agreement.Random(_random, shape.Aggregate(1, (a, b) => a * b)), shape);

    public int Floats(float[] values, params int[] shape) =>
        Tensor($"constant_{_tensors.Count}", Float32, shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    public int Halves(float[] values, params int[] shape) =>
        Tensor(
            $"constant_{_tensors.Count}", Float16, shape,
            [.. values.SelectMany(value => BitConverter.GetBytes((Half)value))]);

    public int Ints(params int[] values) =>
        Tensor($"constant_{_tensors.Count}", Int32, [values.Length], [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>
    /// An operator with one output of a shape; <paramref name="options"/> are the fields of its options table.
    /// </summary>
    public int Operator(TfLiteOp op, int[] inputs, string name, int[] shape, Table? options = null, int type = Float32)
    {
        var output = Tensor(name, type, shape);
        var table = new Table { [0] = _codes.Count, [1] = inputs, [2] = new[] { output } };
        if (options is not null)
        {
            table[3] = (byte)op.OptionsType;
            table[4] = options;
        }
        _codes.Add(
            new Table { [0] = (byte)Math.Min(op.Code, 127), [1] = op.CustomName, [2] = op.Version, [3] = op.Code });
        _operators.Add(table);
        return output;
    }

    public TfLiteBuilder Output(params int[] tensors)
    {
        _outputs.AddRange(tensors);
        return this;
    }

    public byte[] Build()
    {
        var graph = new Table
        {
            [0] = _tensors.ToArray(),
            [1] = _inputs.ToArray(),
            [2] = _outputs.ToArray(),
            [3] = _operators.ToArray(),
        };
        var model =
            new Table { [0] = SchemaVersion, [1] = _codes.ToArray(), [2] = new[] { graph }, [4] = _buffers.ToArray() };
        return FlatBufferWriter.Write(model, "TFL3");
    }
}

/// <summary>BuiltinOperator and the matching member of the union BuiltinOptions of schema.fbs.</summary>
internal sealed record TfLiteOp(int Code, int OptionsType = 0, int Version = 1, string CustomName = "")
{
    public static readonly TfLiteOp Add = new(0, 11),
        Concatenation = new(2, 10), Conv2D = new(3, 1), DepthwiseConv2D = new(4, 2),
        DepthToSpace = new(5, 94),
        Dequantize = new(6), Logistic = new(14), MaxPool2D = new(17, 5), Relu = new(19), Relu6 = new(21),
        Reshape = new(22), ResizeBilinear = new(23, 15), Tanh = new(28), Pad = new(34), Densify = new(124);
}
