using System.Text;
using Google.Protobuf;

namespace EdgeCloud.ModelConverter.Onnx;

/// <summary>
/// A protocol buffers message, written field by field: ONNX needs so few here that generated code would outweigh them.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public ProtoMessage() => _output = new CodedOutputStream(_bytes, leaveOpen: true);

    public void Write(int field, long value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt64(value);
    }

    public void Write(int field, string value) => Write(field, Encoding.UTF8.GetBytes(value));

    public void Write(int field, ProtoMessage message)
    {
        message._output.Flush();
        Write(field, message._bytes.GetBuffer().AsSpan(0, (int)message._bytes.Length));
    }

    public void Write(int field, ReadOnlySpan<byte> value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(value.Length);
        _output.Flush();
        _bytes.Write(value);
    }

    public byte[] ToArray()
    {
        _output.Flush();
        return _bytes.ToArray();
    }
}
