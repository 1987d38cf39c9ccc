using QRCoder;

namespace EdgeCloud.Edge.Phone;

/// <summary>An address as a QR code, with its quiet zone.</summary>
internal static class PairingCode
{
    private const int PixelsPerModule = 8;

    public static string Svg(string address)
    {
        using var data = Encode(address);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(
            PixelsPerModule, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    /// <summary>
    /// Two modules a character, a line feed between lines: blocks are light modules, for a terminal that writes light
    /// on dark.
    /// </summary>
    public static string HalfBlocks(string address)
    {
        using var data = Encode(address);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall(drawQuietZones: true, invert: false, "\n");
    }

    private static QRCodeData Encode(string address) =>
        QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
}
