using System.Buffers.Binary;
using System.Text;

namespace EdgeCloud.Tests.Overload;

/// <summary>
/// Finds a picture in other bytes: any run of 24 bytes of its compressed data, as it is, as text, in Base64 however it
/// is aligned, or in hexadecimal digits.
/// </summary>
internal sealed class PictureTrace
{
    public const int RunBytes = 24;

    /// <summary>Every run of 24 holds one whole block of 8 that begins at a multiple of this.</summary>
    private const int Stride = RunBytes - sizeof(ulong) + 1;

    private readonly List<(string Form, byte[] Text, int Run, Dictionary<ulong, int> Blocks)> _forms = [];

    public PictureTrace(byte[] jpeg)
    {
        var scanAt = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        var data = jpeg[scanAt..];
        Add("raw", data, RunBytes);
        Add("text", Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(data)), RunBytes);
        for (var alignment = 0; alignment < 3; alignment++)
            Add(
                $"Base64, shifted by {alignment}",
                Encoding.ASCII.GetBytes(Convert.ToBase64String(data.AsSpan(alignment))), RunBytes * 4 / 3);
        Add("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(data)), RunBytes * 2);
    }

    /// <returns>In which form the picture is in the text; null when it is not.</returns>
    public string? FindIn(ReadOnlySpan<byte> haystack)
    {
        foreach (var (form, text, run, blocks) in _forms)
        {
            for (var i = 0; i + sizeof(ulong) <= haystack.Length; i++)
            {
                if (blocks.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(haystack[i..]), out var at)
                    && RunAround(haystack, i, text, at) >= run)
                    return form;
            }
        }

        return null;
    }

    private static int RunAround(ReadOnlySpan<byte> haystack, int position, byte[] text, int at)
    {
        var before = 0;
        while (before < position && before < at && haystack[position - before - 1] == text[at - before - 1])
            before++;
        return before + haystack[position..].CommonPrefixLength(text.AsSpan(at));
    }

    private void Add(string form, byte[] text, int run)
    {
        var blocks = new Dictionary<ulong, int>();
        for (var at = 0; at + sizeof(ulong) <= text.Length; at += Stride)
            blocks.TryAdd(BinaryPrimitives.ReadUInt64LittleEndian(text.AsSpan(at)), at);
        _forms.Add((form, text, run, blocks));
    }
}
