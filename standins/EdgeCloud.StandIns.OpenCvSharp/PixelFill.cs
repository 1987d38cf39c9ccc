using System.Buffers.Binary;

namespace OpenCvSharp;

/// <summary>Fills matrices with one value.</summary>
internal static class PixelFill
{
    public static void Fill(Mat mat, Scalar value)
    {
        OpenCVException.Assert(mat.Channels() <= 4, "A scalar has values for four channels only.");
        ReadOnlySpan<double> values = [value.Val0, value.Val1, value.Val2, value.Val3];
        Span<byte> element = stackalloc byte[mat.ElemSize()];
        var channelBytes = element.Length / mat.Channels();
        for (var channel = 0; channel < mat.Channels(); channel++)
            Write(element.Slice(channel * channelBytes, channelBytes), mat.Depth(), values[channel]);

        var pixels = mat.AsSpan<byte>();
        for (var offset = 0; offset < pixels.Length; offset += element.Length)
            element.CopyTo(pixels[offset..]);
    }

    // OpenCV's saturate_cast: nearest integer, halves to even, then the nearest value the type has.
    private static void Write(Span<byte> bytes, int depth, double value)
    {
        var rounded = Math.Round(value, MidpointRounding.ToEven);
        switch (depth)
        {
            case MatType.CV_8U:
                bytes[0] = byte.CreateSaturating(rounded);
                break;
            case MatType.CV_8S:
                bytes[0] = (byte)sbyte.CreateSaturating(rounded);
                break;
            case MatType.CV_16U:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, ushort.CreateSaturating(rounded));
                break;
            case MatType.CV_16S:
                BinaryPrimitives.WriteInt16LittleEndian(bytes, short.CreateSaturating(rounded));
                break;
            case MatType.CV_32S:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, int.CreateSaturating(rounded));
                break;
            case MatType.CV_32F:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                break;
            case MatType.CV_64F:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            case MatType.CV_16F:
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
                break;
        }
    }
}
