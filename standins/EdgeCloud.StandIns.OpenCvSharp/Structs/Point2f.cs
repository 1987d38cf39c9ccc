using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>A point, in pixels; (0, 0) is the centre of the pixel at the top left.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Point2f(float X, float Y)
{
    /// <summary>To the right.</summary>
    public float X = X;

    /// <summary>Downwards.</summary>
    public float Y = Y;
}
