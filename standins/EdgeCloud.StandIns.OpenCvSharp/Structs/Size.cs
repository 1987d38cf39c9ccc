using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Width and height in pixels.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Size(int Width, int Height)
{
    /// <summary>Columns.</summary>
    public int Width = Width;

    /// <summary>Rows.</summary>
    public int Height = Height;

    /// <summary>Cuts off what is behind the decimal point.</summary>
    public Size(double width, double height)
        : this((int)width, (int)height)
    {
    }
}
