using System.Buffers.Binary;

namespace EdgeCloud.ModelConverter.Onnx;

/// <summary>
/// Serialises a graph as onnx.ModelProto. Field numbers and enumeration values are those of onnx.proto, IR version 8.
/// </summary>
internal static class OnnxWriter
{
    private const long IrVersion = 8;
    private const long OpsetVersion = 13;
    private const string Producer = "EdgeCloud.ModelConverter";

    private enum ElementType { Float = 1, Int64 = 7 }

    private enum AttributeType { Int = 2, String = 3, Ints = 7 }

    public static byte[] Write(OnnxGraph graph)
    {
        var opset = new ProtoMessage();
        opset.Write(2, OpsetVersion);

        var model = new ProtoMessage();
        model.Write(1, IrVersion);
        model.Write(2, Producer);
        model.Write(7, Graph(graph));
        model.Write(8, opset);
        return model.ToArray();
    }

    private static ProtoMessage Graph(OnnxGraph graph)
    {
        var message = new ProtoMessage();
        foreach (var node in graph.Nodes)
            message.Write(1, Node(node));
        message.Write(2, "tflite");
        foreach (var initializer in graph.Initializers)
            message.Write(5, Tensor(initializer));
        foreach (var input in graph.Inputs)
            message.Write(11, Value(input));
        foreach (var output in graph.Outputs)
            message.Write(12, Value(output));
        return message;
    }

    private static ProtoMessage Node(OnnxNode node)
    {
        var message = new ProtoMessage();
        foreach (var input in node.Inputs)
            message.Write(1, input);
        message.Write(2, node.Output);
        message.Write(3, node.Output);
        message.Write(4, node.OperatorType);
        foreach (var attribute in node.Attributes)
            message.Write(5, Attribute(attribute));
        return message;
    }

    private static ProtoMessage Attribute(OnnxAttribute attribute)
    {
        var message = new ProtoMessage();
        message.Write(1, attribute.Name);
        var type = AttributeType.Ints;
        switch (attribute.Value)
        {
            case long value:
                message.Write(3, value);
                type = AttributeType.Int;
                break;
            case string value:
                message.Write(4, value);
                type = AttributeType.String;
                break;
            case long[] values:
                foreach (var value in values)
                    message.Write(8, value);
                break;
            default:
                throw new InvalidOperationException($"Attribute '{attribute.Name}' is of {attribute.Value.GetType()}.");
        }
        message.Write(20, (long)type);
        return message;
    }

    private static ProtoMessage Tensor(OnnxInitializer tensor)
    {
        var message = new ProtoMessage();
        foreach (var size in tensor.Shape)
            message.Write(1, size);
        message.Write(2, (long)(tensor.Values is float[]? ElementType.Float : ElementType.Int64));
        message.Write(8, tensor.Name);
        message.Write(9, LittleEndian(tensor.Values));
        return message;
    }

    private static ProtoMessage Value(OnnxValue value)
    {
        var shape = new ProtoMessage();
        foreach (var size in value.Shape)
        {
            var dimension = new ProtoMessage();
            dimension.Write(1, size);
            shape.Write(1, dimension);
        }

        var tensor = new ProtoMessage();
        tensor.Write(1, (long)ElementType.Float);
        tensor.Write(2, shape);
        var type = new ProtoMessage();
        type.Write(1, tensor);

        var message = new ProtoMessage();
        message.Write(1, value.Name);
        message.Write(2, type);
        return message;
    }

    private static byte[] LittleEndian(Array values)
    {
        var bytes = new byte[Buffer.ByteLength(values)];
        for (var index = 0; index < values.Length; index++)
        {
            if (values is float[] floats)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(index * sizeof(float)), floats[index]);
            else
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(index * sizeof(long)), ((long[])values)[index]);
        }
        return bytes;
    }
}
