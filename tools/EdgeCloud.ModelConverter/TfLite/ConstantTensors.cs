using System.Buffers.Binary;
using EdgeCloud.ModelConverter.Errors;

namespace EdgeCloud.ModelConverter.TfLite;

/// <summary>
/// The model's constants as dense fp32, seen through the DENSIFY and DEQUANTIZE operators that
/// stand between file and use.
/// </summary>
internal sealed class ConstantTensors(TfLiteModel model)
{
    // More than twice the largest of MediaPipe's pose models. A sparse constant of a few bytes may
    // claim to be of any size.
    private const long MostElements = 32 << 20;

    private readonly Dictionary<int, int> _storedAs = [];
    private long _elements;

    public bool Contains(int tensor) => Stored(tensor).IsConstant;

    /// <summary>
    /// Makes the output of <paramref name="op"/> (DENSIFY, or DEQUANTIZE from fp16) another name of its constant input.
    /// </summary>
    public void Fold(TfLiteOperator op)
    {
        if (op.Inputs.Length != 1 || op.Outputs.Length != 1 || op.Inputs[0] == -1)
            throw new ModelConversionException(
                $"is damaged: {op.Name} has {op.Inputs.Length} inputs and {op.Outputs.Length} outputs.");
        var (input, output) = (op.Inputs[0], op.Outputs[0]);
        var stored = Stored(input);
        if (!stored.IsConstant || stored.Type is not (TfLiteType.Float16 or TfLiteType.Float32))
        {
            throw new ModelConversionException(
                $"uses {op.Name} on '{stored.Name}', which is not an fp16 or fp32 constant; "
                + "quantized models are not supported, "
                + "take the fp16 or fp32 one.");
        }
        if (!stored.Shape.SequenceEqual(model.Tensors[output].Shape))
            throw new ModelConversionException($"is damaged: {op.Name} changes the shape of '{stored.Name}'.");
        _storedAs[output] = _storedAs.GetValueOrDefault(input, input);
    }

    public float[] Floats(int tensor) => Stored(tensor) is { Type: TfLiteType.Float16 } half
        ? Dense(half, sizeof(ushort), static bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes))
        : Dense(Require(tensor, TfLiteType.Float32), sizeof(float), BinaryPrimitives.ReadSingleLittleEndian);

    /// <summary>A small integer constant, such as the amounts of a PAD.</summary>
    public int[] Integers(int tensor) =>
        Dense(Require(tensor, TfLiteType.Int32), sizeof(int), BinaryPrimitives.ReadInt32LittleEndian);

    private TfLiteTensor Stored(int tensor) => model.Tensors[_storedAs.GetValueOrDefault(tensor, tensor)];

    private TfLiteTensor Require(int tensor, TfLiteType type) =>
        Stored(tensor) is { IsConstant: true } stored && stored.Type == type
            ? stored
            : throw new ModelConversionException(
                $"has '{Stored(tensor).Name}' "
                + $"{(Contains(tensor) ? $"as a constant of {Stored(tensor).Type}" : "computed")} where a "
                + $"constant of {type} is needed.");

    private T[] Dense<T>(TfLiteTensor stored, int bytes, Func<ReadOnlySpan<byte>, T> read)
    {
        var elements = (int)TensorShape.Elements(stored);
        _elements += elements;
        if (_elements > MostElements)
            throw new ModelConversionException($"has more than {MostElements} weights, which is not supported.");

        var values = stored.Data.Length / bytes;
        if (stored.Data.Length % bytes != 0 || (stored.Sparsity is null ? values != elements : values > elements))
        {
            throw new ModelConversionException(
                $"is damaged: constant '{stored.Name}' has {stored.Data.Length} bytes, "
                + $"its shape {TensorShape.Text(stored.Shape)} asks for {(long)elements * bytes}.");
        }

        var positions = stored.Sparsity is null ? null : SparseConstant.Positions(stored, elements, values);
        var dense = new T[elements];
        var data = stored.Data.Span;
        for (var index = 0; index < values; index++)
            dense[positions is null ? index : positions[index]] = read(data.Slice(index * bytes, bytes));
        return dense;
    }
}
