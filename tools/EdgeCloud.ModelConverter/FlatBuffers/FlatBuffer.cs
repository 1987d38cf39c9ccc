using System.Buffers.Binary;
using EdgeCloud.ModelConverter.Errors;

namespace EdgeCloud.ModelConverter.FlatBuffers;

/// <summary>
/// A FlatBuffers file from an unknown source: every read is checked against the file's end first.
/// Format: https://flatbuffers.dev/internals, offsets are relative to where they stand, all numbers little-endian.
/// </summary>
internal sealed class FlatBuffer(ReadOnlyMemory<byte> file)
{
    private const int IdentifierPosition = 4;
    private const int HeaderBytes = 8;

    public FlatTable Root(ReadOnlySpan<byte> identifier, string formatName)
    {
        if (file.IsEmpty)
            throw new ModelConversionException($"is empty, not a {formatName} file.");
        if (file.Length < HeaderBytes
            || !file.Span.Slice(IdentifierPosition, identifier.Length).SequenceEqual(identifier))
        {
            throw new ModelConversionException(
                $"is not a {formatName} file (no identifier "
                + $"'{System.Text.Encoding.ASCII.GetString(identifier)}' at byte 4).");
        }
        return FlatTable.At(this, Follow(0));
    }

    /// <summary>The position an offset stored at <paramref name="position"/> points to.</summary>
    public int Follow(long position)
    {
        var target = position + UInt32(position);
        Require(target, sizeof(uint));
        return (int)target;
    }

    public byte Byte(long position) => Bytes(position, 1).Span[0];
    public ushort UInt16(long position) =>
        BinaryPrimitives.ReadUInt16LittleEndian(Bytes(position, sizeof(ushort)).Span);
    public int Int32(long position) => BinaryPrimitives.ReadInt32LittleEndian(Bytes(position, sizeof(int)).Span);
    public uint UInt32(long position) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(position, sizeof(uint)).Span);
    public ulong UInt64(long position) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(position, sizeof(ulong)).Span);

    public ReadOnlyMemory<byte> Bytes(long position, long length)
    {
        Require(position, length);
        return file.Slice((int)position, (int)length);
    }

    public static ModelConversionException Damaged(string what) =>
        new($"is damaged: {what}. Restore the file from where it came and try again.");

    private void Require(long position, long length)
    {
        if (position < 0 || length < 0 || position + length > file.Length)
            throw Damaged($"byte {position} is referred to, but the file ends at byte {file.Length} (truncated?)");
    }
}
