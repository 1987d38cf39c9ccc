using System.Buffers.Binary;
using System.Text;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// Writes FlatBuffers, enough for small TFLite files: a tree of tables, each before what it refers to.
/// </summary>
internal sealed class FlatBufferWriter
{
    private readonly List<byte> _bytes = [];

    public static byte[] Write(Table root, string identifier)
    {
        var writer = new FlatBufferWriter();
        writer._bytes.AddRange([0, 0, 0, 0, .. Encoding.ASCII.GetBytes(identifier)]);
        writer.Patch(0, writer.Append(root));
        return [.. writer._bytes];
    }

    private int Append(object value)
    {
        Align();
        switch (value)
        {
            case Table table:
                return AppendTable(table);
            case Table[] tables:
                var at = AppendVector(tables.Length, new byte[4 * tables.Length]);
                for (var index = 0; index < tables.Length; index++)
                    Patch(at + 4 + 4 * index, Append(tables[index]));
                return at;
            case int[] values:
                return AppendVector(values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);
            case ushort[] values:
                return AppendVector(values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);
            case byte[] values:
                return AppendVector(values.Length, values);
            case string text:
                var start = AppendVector(Encoding.UTF8.GetByteCount(text), Encoding.UTF8.GetBytes(text));
                _bytes.Add(0);
                return start;
            default:
                throw new NotSupportedException(value.GetType().Name);
        }
    }

    private int AppendTable(Table table)
    {
        var fields = table.Fields.Keys.DefaultIfEmpty(-1).Max() + 1;
        var vtable = _bytes.Count;
        Append16(4 + 2 * fields);
        Append16(4 + 4 * table.Fields.Count);
        for (var field = 0; field < fields; field++)
            Append16(table.Fields.ContainsKey(field) ? 4 + 4 * table.Fields.Keys.Count(other => other < field) : 0);

        Align();
        var start = _bytes.Count;
        _bytes.AddRange(BitConverter.GetBytes(start - vtable));
        foreach (var value in table.Fields.Values)
        {
            _bytes.AddRange(value switch
            {
                int number => BitConverter.GetBytes(number),
                byte number => [number, 0, 0, 0],
                bool flag => [flag ? (byte)1 : (byte)0, 0, 0, 0],
                _ => [0, 0, 0, 0],
            });
        }
        foreach (var (index, value) in table.Fields.Values.Index())
        {
            if (value is not (int or byte or bool))
                Patch(start + 4 + 4 * index, Append(value));
        }
        return start;
    }

    private int AppendVector(int count, byte[] content)
    {
        var start = _bytes.Count;
        _bytes.AddRange([.. BitConverter.GetBytes(count), .. content]);
        return start;
    }

    private void Append16(int value) => _bytes.AddRange(BitConverter.GetBytes((ushort)value));

    private void Patch(int at, int target)
    {
        var offset = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(offset, target - at);
        for (var index = 0; index < offset.Length; index++)
            _bytes[at + index] = offset[index];
    }

    private void Align()
    {
        while (_bytes.Count % 4 != 0)
            _bytes.Add(0);
    }

    /// <summary>Fields by their number: byte, bool and int stand inside, everything else is referred to.</summary>
    internal sealed class Table
    {
        public SortedDictionary<int, object> Fields { get; } = [];

        public object this[int field]
        {
            set => Fields[field] = value;
        }
    }
}
