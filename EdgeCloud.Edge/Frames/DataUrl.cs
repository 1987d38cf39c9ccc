using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// Base64, alone or in a data: URL, decoded where it stands and as browsers do: white space is passed over, padding may
/// be missing (WHATWG: Infra, forgiving-base64 decode; Fetch, data: URL processor).
/// </summary>
internal static class DataUrl
{
    private const int GroupLength = 4;

    private static ReadOnlySpan<byte> Scheme => "data:"u8;

    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    /// <param name="text">ASCII; the bytes take its place, from its beginning.</param>
    /// <param name="length">Of the bytes.</param>
    /// <returns>False when it is not Base64, with the text in any state.</returns>
    public static bool TryDecodeInPlace(Span<byte> text, out int length)
    {
        length = 0;
        if (!Ascii.EqualsIgnoreCase(text[..Math.Min(Scheme.Length, text.Length)], Scheme))
            return TryDecodeBase64InPlace(text, out length);

        var comma = text.IndexOf((byte)',');
        if (comma < 0 || !IsBase64(text[..comma]))
            return false;
        var body = PercentDecodeInPlace(text[(comma + 1)..]);
        if (!TryDecodeBase64InPlace(body, out length))
            return false;
        body[..length].CopyTo(text);
        return true;
    }

    /// <summary>Whether what comes before the comma ends in a semicolon, any spaces, and base64.</summary>
    private static bool IsBase64(ReadOnlySpan<byte> header)
    {
        header = header.TrimEnd((byte)' ');
        return header.Length > 6 && Ascii.EqualsIgnoreCase(header[^6..], "base64"u8)
            && header[..^6].TrimEnd((byte)' ') is [.., (byte)';'];
    }

    private static Span<byte> PercentDecodeInPlace(Span<byte> text)
    {
        var written = text.IndexOf((byte)'%');
        if (written < 0)
            return text;
        for (var read = written; read < text.Length; read++)
        {
            var value = text[read];
            if (value == '%' && read + 2 < text.Length && byte.TryParse(
                text.Slice(read + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                value = escaped;
                read += 2;
            }

            text[written++] = value;
        }

        return text[..written];
    }

    private static bool TryDecodeBase64InPlace(Span<byte> text, out int length)
    {
        text = RemoveWhiteSpace(text);
        if (text.Length % GroupLength == 0)
            text = text is [.., (byte)'=', (byte)'='] ? text[..^2] : text is [.., (byte)'='] ? text[..^1] : text;

        length = 0;
        var whole = text[..(text.Length / GroupLength * GroupLength)];
        var rest = text[whole.Length..];
        if (rest.Length == 1 || whole.Contains((byte)'=')
            || Base64.DecodeFromUtf8InPlace(whole, out length) != OperationStatus.Done)
            return false;

        // The framework wants the rest padded, and the bits that are left over to be zero.
        var bits = 0;
        foreach (var character in rest)
        {
            var value = Alphabet.IndexOf(character);
            if (value < 0)
                return false;
            bits = (bits << 6) | value;
        }

        if (rest.Length == 3)
            text[length++] = (byte)(bits >> 10);
        if (rest.Length >= 2)
            text[length++] = (byte)(rest.Length == 3 ? bits >> 2 : bits >> 4);
        return true;
    }

    private static Span<byte> RemoveWhiteSpace(Span<byte> text)
    {
        var written = text.IndexOfAny(" \t\r\n\f"u8);
        if (written < 0)
            return text;
        for (var read = written; read < text.Length; read++)
        {
            if (text[read] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f'))
                text[written++] = text[read];
        }

        return text[..written];
    }
}
