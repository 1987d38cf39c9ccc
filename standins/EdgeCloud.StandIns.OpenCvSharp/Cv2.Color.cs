using OpenCvSharp.Native;

namespace OpenCvSharp;

public static unsafe partial class Cv2
{
    /// <summary>Converts between orders of colour channels, and to and from grey.</summary>
    /// <param name="src">The image: 8U, 16U or 32F.</param>
    /// <param name="dst">Gets the size and depth of <paramref name="src"/>.</param>
    /// <param name="code">The conversion.</param>
    /// <param name="dstCn">Channels of the result; 0, or what the conversion gives anyway.</param>
    /// <exception cref="OpenCVException">The conversion does not exist or is not for images with so many channels.</exception>
    public static void CvtColor(InputArray src, OutputArray dst, ColorConversionCodes code, int dstCn = 0)
    {
        var source = Image(src);
        var fromGray = code is ColorConversionCodes.GRAY2BGR or ColorConversionCodes.GRAY2BGRA;
        OpenCVException.Assert(
            fromGray ? source.Channels() == 1 : source.Channels() is 3 or 4, $"{code} is not for images with {source.Channels()} channels.");
        var channels = ResultChannels(code);
        OpenCVException.Assert(dstCn == 0 || dstCn == channels, $"{code} gives {channels} channels, not {dstCn}.");

        using var operation = new Operation(source, dst.Mat, source.Rows, source.Cols, MatType.MakeType(source.Depth(), channels));
        var (from, to) = (operation.Source, operation.Target);
        NativeMethods.cvCvtColor(&from, &to, (int)code);
    }

    private static int ResultChannels(ColorConversionCodes code) => code switch
    {
        ColorConversionCodes.BGR2GRAY or ColorConversionCodes.RGB2GRAY or ColorConversionCodes.BGRA2GRAY or ColorConversionCodes.RGBA2GRAY => 1,
        ColorConversionCodes.BGRA2BGR or ColorConversionCodes.RGBA2BGR or ColorConversionCodes.BGR2RGB or ColorConversionCodes.GRAY2BGR => 3,
        ColorConversionCodes.BGR2BGRA or ColorConversionCodes.BGR2RGBA or ColorConversionCodes.BGRA2RGBA or ColorConversionCodes.GRAY2BGRA => 4,
        _ => throw new OpenCVException(ErrorCode.StsAssert, nameof(CvtColor), $"There is no conversion {code}.", "", 0),
    };
}
