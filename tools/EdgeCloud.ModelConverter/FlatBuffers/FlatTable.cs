using System.Text;

namespace EdgeCloud.ModelConverter.FlatBuffers;

/// <summary>
/// One table of a <see cref="FlatBuffer"/>; fields are addressed by their number in the schema, an
/// absent one has its default.
/// </summary>
internal readonly struct FlatTable
{
    private const int VtableHeaderBytes = 4;
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FlatBuffer _buffer;
    private readonly int _position;
    private readonly long _vtable;
    private readonly int _vtableBytes;

    private FlatTable(FlatBuffer buffer, int position, long vtable)
    {
        _buffer = buffer;
        _position = position;
        _vtable = vtable;
        _vtableBytes = buffer.UInt16(vtable);
        if (_vtableBytes < VtableHeaderBytes)
            throw FlatBuffer.Damaged($"the table at byte {position} has a field list of {_vtableBytes} bytes");
        buffer.Bytes(vtable, _vtableBytes);
    }

    public static FlatTable At(FlatBuffer buffer, int position) =>
        new(buffer, position, (long)position - buffer.Int32(position));

    public byte Byte(int field, byte absent = 0) => Find(field) is { } at ? _buffer.Byte(at) : absent;
    public bool Bool(int field) => Byte(field) != 0;
    public int Int32(int field, int absent = 0) => Find(field) is { } at ? _buffer.Int32(at) : absent;
    public uint UInt32(int field) => Find(field) is { } at ? _buffer.UInt32(at) : 0;
    public ulong UInt64(int field) => Find(field) is { } at ? _buffer.UInt64(at) : 0;

    public FlatTable? Table(int field) => Find(field) is { } at ? At(_buffer, _buffer.Follow(at)) : null;

    /// <summary>
    /// Several tables; <paramref name="most"/> bounds the work that a hostile file can ask for, as
    /// entries may share bytes.
    /// </summary>
    public FlatTable[] Tables(int field, int most)
    {
        var (start, count) = Vector(field, sizeof(uint), most);
        var tables = new FlatTable[count];
        for (var index = 0; index < count; index++)
            tables[index] = At(_buffer, _buffer.Follow(start + index * sizeof(uint)));
        return tables;
    }

    public int[] Int32s(int field, int most)
    {
        var (start, count) = Vector(field, sizeof(int), most);
        var values = new int[count];
        for (var index = 0; index < count; index++)
            values[index] = _buffer.Int32(start + index * sizeof(int));
        return values;
    }

    public int[] UInt16s(int field, int most)
    {
        var (start, count) = Vector(field, sizeof(ushort), most);
        var values = new int[count];
        for (var index = 0; index < count; index++)
            values[index] = _buffer.UInt16(start + index * sizeof(ushort));
        return values;
    }

    /// <summary>A view of the file, not a copy.</summary>
    public ReadOnlyMemory<byte> Bytes(int field, int most = int.MaxValue)
    {
        var (start, count) = Vector(field, sizeof(byte), most);
        return _buffer.Bytes(start, count);
    }

    public string Text(int field, int mostBytes)
    {
        var (start, count) = Vector(field, sizeof(byte), mostBytes);
        try
        {
            return StrictUtf8.GetString(_buffer.Bytes(start, count).Span);
        }
        catch (DecoderFallbackException)
        {
            throw FlatBuffer.Damaged($"the text at byte {start} is not UTF-8");
        }
    }

    private (long Start, int Count) Vector(int field, int elementBytes, int most)
    {
        if (Find(field) is not { } at)
            return (0, 0);
        var position = _buffer.Follow(at);
        var count = _buffer.UInt32(position);
        var start = (long)position + sizeof(uint);
        _buffer.Bytes(start, (long)count * elementBytes);
        if (count > most)
            throw FlatBuffer.Damaged(
                $"the list at byte {position} has {count} entries where {most} are the most that make sense");
        return (start, (int)count);
    }

    private long? Find(int field)
    {
        var entry = VtableHeaderBytes + field * sizeof(ushort);
        if (entry + sizeof(ushort) > _vtableBytes)
            return null;
        int offset = _buffer.UInt16(_vtable + entry);
        return offset == 0 ? null : (long)_position + offset;
    }
}
