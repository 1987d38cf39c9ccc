using System.Text;
using Google.Protobuf;

namespace EdgeCloud.Tests.Testing;

/// <summary>A message of Protocol Buffers read without its definition: its fields by their numbers.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> _fields = [];

    public ProtobufMessage(byte[] encoded)
    {
        using var input = new CodedInputStream(encoded);
        while (input.ReadTag() is not 0 and var tag)
        {
            _fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (WireFormat.GetTagFieldNumber(tag), input.ReadUInt64(), null),
                WireFormat.WireType.Fixed32 => (WireFormat.GetTagFieldNumber(tag), input.ReadFixed32(), null),
                WireFormat.WireType.Fixed64 => (WireFormat.GetTagFieldNumber(tag), input.ReadFixed64(), null),
                WireFormat.WireType.LengthDelimited =>
                    (WireFormat.GetTagFieldNumber(tag), 0, input.ReadBytes().ToByteArray()),
                var type => throw new InvalidDataException($"Wire type {type} is not used by OTLP."),
            });
        }
    }

    public bool Has(int field) => _fields.Any(each => each.Field == field);

    public ulong Number(int field) => _fields.LastOrDefault(each => each.Field == field).Number;

    public byte[] Bytes(int field) => _fields.LastOrDefault(each => each.Field == field).Bytes ?? [];

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public ProtobufMessage Message(int field) => new(Bytes(field));

    public IEnumerable<ProtobufMessage> Messages(int field) =>
        _fields.Where(each => each.Field == field).Select(each => new ProtobufMessage(each.Bytes!));
}
