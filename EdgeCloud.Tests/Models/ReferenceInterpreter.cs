using System.Buffers.Binary;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// Evaluates a TFLite graph the plain way: NHWC, one loop per dimension, sums in double precision. The
/// semantics are those of tensorflow/lite/kernels/internal/reference; nothing is optimised, so that it can be
/// compared with them by eye.
/// </summary>
internal sealed partial class ReferenceInterpreter(TfLiteGraph graph)
{
    private readonly Dictionary<int, float[]> _values = [];

    /// <summary>
    /// Takes the inputs in the graph's order and gives the outputs in the graph's order, all in TFLite's memory order.
    /// </summary>
    public float[][] Run(params float[][] inputs)
    {
        for (var index = 0; index < inputs.Length; index++)
            _values[graph.Inputs[index]] = inputs[index];
        foreach (var op in graph.Operators)
        {
            // Constants behind DEQUANTIZE and DENSIFY are the same for every run.
            if (op.Code is 6 or 124 && _values.ContainsKey(op.Outputs[0]))
                continue;
            _values[op.Outputs[0]] = Evaluate(op);
        }
        return [.. graph.Outputs.Select(output => _values[output])];
    }

    private float[] Evaluate(TfLiteGraph.Operator op) => op.Code switch
    {
        0 => Activate(Add(op), op.Options!.Value.Byte(0)),
        2 => Activate(Concatenate(op), op.Options!.Value.Byte(1)),
        3 => Activate(Convolve(op), op.Options!.Value.Byte(3)),
        4 => Activate(ConvolveDepthwise(op), op.Options!.Value.Byte(4)),
        5 => DepthToSpace(op),
        6 => Value(op.Inputs[0]),
        14 => [.. Value(op.Inputs[0]).Select(x => (float)(1 / (1 + Math.Exp(-x))))],
        17 => Activate(MaxPool(op), op.Options!.Value.Byte(5)),
        19 => Activate([.. Value(op.Inputs[0])], activation: 1),
        21 => Activate([.. Value(op.Inputs[0])], activation: 3),
        22 => Value(op.Inputs[0]),
        23 => ResizeBilinear(op),
        34 => Pad(op),
        124 => Densify(op),
        _ => throw new NotSupportedException($"Operator {op.Code}"),
    };

    private static float[] Activate(float[] values, int activation)
    {
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = activation switch
            {
                0 => values[index],
                1 => Math.Max(0, values[index]),
                3 => Math.Min(6, Math.Max(0, values[index])),
                _ => throw new NotSupportedException($"Activation {activation}"),
            };
        }
        return values;
    }

    private int[] Shape(int tensor) => graph.Tensors[tensor].Shape;

    private float[] Value(int tensor)
    {
        if (!_values.TryGetValue(tensor, out var value))
            _values[tensor] = value = Stored(graph.Tensors[tensor]);
        return value;
    }

    private int[] Integers(int tensor)
    {
        var data = graph.Tensors[tensor].Data;
        return [.. Enumerable.Range(0, data.Length / 4)
            .Select(index => BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(4 * index)))];
    }

    private static float[] Stored(TfLiteGraph.Tensor tensor) => tensor.Type switch
    {
        0 => [.. Enumerable.Range(0, tensor.Data.Length / 4)
            .Select(index => BitConverter.ToSingle(tensor.Data, 4 * index))],
        1 => [.. Enumerable.Range(0, tensor.Data.Length / 2)
            .Select(index => (float)BitConverter.ToHalf(tensor.Data, 2 * index))],
        _ => throw new NotSupportedException($"Type {tensor.Type} of {tensor.Name}"),
    };

    /// <summary>
    /// The general traversal of TFLite's sparse format, level by level, whatever levels are dense or compressed.
    /// </summary>
    private float[] Densify(TfLiteGraph.Operator op)
    {
        var tensor = graph.Tensors[op.Inputs[0]];
        var sparsity = tensor.Sparsity!.Value;
        var (order, levels, stored) = (sparsity.Ints(0), sparsity.Tables(2), Value(op.Inputs[0]));
        var dense = new float[tensor.Shape.Aggregate(1, (a, b) => a * b)];
        var coordinates = new int[tensor.Shape.Length];
        Visit(level: 0, position: 0);
        return dense;

        void Visit(int level, int position)
        {
            if (level == levels.Length)
            {
                dense[Index(coordinates, tensor.Shape)] = stored[position];
                return;
            }

            if (levels[level].Byte(0) == 0)
            {
                var size = levels[level].Int(1);
                for (var coordinate = 0; coordinate < size; coordinate++)
                {
                    coordinates[order[level]] = coordinate;
                    Visit(level + 1, position * size + coordinate);
                }
                return;
            }

            var (segments, indices) = (IndexVector(levels[level], 2), IndexVector(levels[level], 4));
            for (var entry = segments[position]; entry < segments[position + 1]; entry++)
            {
                coordinates[order[level]] = indices[entry];
                Visit(level + 1, entry);
            }
        }
    }

    private static int[] IndexVector(TfLiteGraph.Table level, int unionField)
    {
        var vector = level.Child(unionField + 1)!.Value;
        return level.Byte(unionField) switch
        {
            1 => vector.Ints(0),
            2 => vector.UShorts(0),
            _ => [.. vector.Bytes(0).Select(value => (int)value)],
        };
    }
}
