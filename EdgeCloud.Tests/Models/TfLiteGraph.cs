using System.Buffers.Binary;
using System.Text;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// A TFLite file as the reference interpreter sees it. It shares nothing with the converter's reader:
/// trusting, unchecked, straight from tensorflow/compiler/mlir/lite/schema/schema.fbs, whose field numbers
/// are the arguments below.
/// </summary>
internal sealed class TfLiteGraph
{
    public IReadOnlyList<Tensor> Tensors { get; }
    public IReadOnlyList<Operator> Operators { get; }
    public int[] Inputs { get; }
    public int[] Outputs { get; }

    /// <param name="file">The file's bytes.</param>
    /// <param name="withoutOutput">An output that is left out, and with it the operators that
    /// nothing else needs.</param>
    public TfLiteGraph(byte[] file, string? withoutOutput = null)
    {
        var model = new Table(file, (int)BinaryPrimitives.ReadUInt32LittleEndian(file));
        var codes = model.Tables(1);
        var buffers = model.Tables(4);
        var graph = model.Tables(2)[0];
        Tensors = [.. graph.Tables(0).Select(tensor => new Tensor(
            Encoding.UTF8.GetString(tensor.Bytes(3)), tensor.Byte(1), tensor.Ints(0),
            buffers[tensor.Int(2)].Bytes(0), tensor.Child(6)))];
        Inputs = graph.Ints(1);
        Outputs = [.. graph.Ints(2).Where(output => Tensors[output].Name != withoutOutput)];
        Operators = Needed([.. graph.Tables(3).Select(op => new Operator(
            Math.Max(codes[op.Int(0)].Byte(0), codes[op.Int(0)].Int(3)), op.Ints(1), op.Ints(2), op.Child(4)))]);
    }

    /// <summary>Operators come after those whose results they take.</summary>
    private List<Operator> Needed(Operator[] operators)
    {
        var tensors = Outputs.ToHashSet();
        var needed = new List<Operator>();
        foreach (var op in operators.Reverse().Where(op => op.Outputs.Any(tensors.Contains)))
        {
            tensors.UnionWith(op.Inputs);
            needed.Add(op);
        }

        needed.Reverse();
        return needed;
    }

    internal sealed record Tensor(string Name, int Type, int[] Shape, byte[] Data, Table? Sparsity);

    internal sealed record Operator(int Code, int[] Inputs, int[] Outputs, Table? Options);

    internal readonly struct Table(byte[] file, int position)
    {
        public byte Byte(int field) => Find(field) is { } at ? file[at] : (byte)0;
        public int Int(int field, int absent = 0) => Find(field) is { } at ? Int32(at) : absent;
        public Table? Child(int field) => Find(field) is { } at ? new Table(file, at + Int32(at)) : null;

        public byte[] Bytes(int field) => Vector(field) is var (start, count) ? file[start..(start + count)] : [];

        public int[] Ints(int field)
        {
            var source = file;
            return Vector(field) is var (start, count)
                ? [.. Enumerable.Range(0, count)
                    .Select(index => BinaryPrimitives.ReadInt32LittleEndian(source.AsSpan(start + 4 * index)))]
                : [];
        }

        public int[] UShorts(int field)
        {
            var source = file;
            return Vector(field) is var (start, count)
                ? [.. Enumerable.Range(0, count)
                    .Select(index => (int)BinaryPrimitives.ReadUInt16LittleEndian(source.AsSpan(start + 2 * index)))]
                : [];
        }

        public Table[] Tables(int field)
        {
            var source = file;
            return Vector(field) is var (start, count)
                ? [.. Enumerable.Range(0, count).Select(index => start + 4 * index)
                    .Select(at => new Table(source, at + BinaryPrimitives.ReadInt32LittleEndian(source.AsSpan(at))))]
                : [];
        }

        private (int Start, int Count)? Vector(int field) =>
            Find(field) is { } at && at + Int32(at) is var start ? (start + 4, Int32(start)) : null;

        private int? Find(int field)
        {
            var fields = position - Int32(position);
            var entry = 4 + 2 * field;
            if (entry >= UInt16(fields) || UInt16(fields + entry) == 0)
                return null;
            return position + UInt16(fields + entry);
        }

        private int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
        private ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
    }
}
