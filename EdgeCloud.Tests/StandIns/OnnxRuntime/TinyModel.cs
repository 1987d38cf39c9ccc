using System.Text;

namespace EdgeCloud.Tests.StandIns.OnnxRuntime;

/// <summary>Writes ONNX models of a few nodes, straight in the protocol buffers encoding (field numbers of onnx.proto).</summary>
internal static class TinyModel
{
    public const int Float = 1;
    public const int Int64 = 7;

    private const long IrVersion = 8;
    private const long OperatorSet = 13;

    /// <summary>sum = a + b and product = a × b, on four floats each.</summary>
    public static byte[] SumAndProduct { get; } = Model(
        [Node("Add", ["a", "b"], "sum"), Node("Mul", ["a", "b"], "product")],
        inputs: [Tensor("a", Float, 1L, 4L), Tensor("b", Float, 1L, 4L)],
        outputs: [Tensor("sum", Float, 1L, 4L), Tensor("product", Float, 1L, 4L)]);

    public static byte[] Model(byte[][] nodes, byte[][] inputs, byte[][] outputs)
    {
        var graph = Join([.. nodes.Select(node => Field(1, node)), Field(2, "tiny"),
            .. inputs.Select(input => Field(11, input)), .. outputs.Select(output => Field(12, output))]);
        return Join(Field(1, IrVersion), Field(7, graph), Field(8, Field(2, OperatorSet)));
    }

    public static byte[] Node(string operation, string[] inputs, string output) =>
        Join([.. inputs.Select(input => Field(1, input)), Field(2, output), Field(3, output), Field(4, operation)]);

    /// <summary>A tensor; a dimension is a number, or the name of an open one.</summary>
    public static byte[] Tensor(string name, int elementType, params object[] dimensions) =>
        Join(Field(1, name), Field(2, TensorType(elementType, dimensions)));

    public static byte[] SequenceOfTensors(string name, int elementType) =>
        Join(Field(1, name), Field(2, Field(4, Field(1, TensorType(elementType)))));

    private static byte[] TensorType(int elementType, params object[] dimensions) =>
        Field(1, Join(Field(1, elementType), Field(2, Join([.. dimensions.Select(Dimension)]))));

    private static byte[] Dimension(object dimension) =>
        Field(1, dimension is string open ? Field(2, open) : Field(1, (long)dimension));

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] bytes) => Join(Varint((number << 3) | 2), Varint(bytes.Length), bytes);

    private static byte[] Field(int number, long value) => Join(Varint(number << 3), Varint(value));

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
