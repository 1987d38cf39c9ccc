using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>A value for each of up to four channels, in the order blue, green, red, alpha.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Scalar(double Val0, double Val1, double Val2, double Val3)
{
    /// <summary>The first channel.</summary>
    public double Val0 = Val0;

    /// <summary>The second channel.</summary>
    public double Val1 = Val1;

    /// <summary>The third channel.</summary>
    public double Val2 = Val2;

    /// <summary>The fourth channel.</summary>
    public double Val3 = Val3;

    /// <summary>The other channels are zero.</summary>
    public Scalar(double val0)
        : this(val0, 0, 0, 0)
    {
    }

    /// <summary>The other channels are zero.</summary>
    public Scalar(double val0, double val1)
        : this(val0, val1, 0, 0)
    {
    }

    /// <summary>The fourth channel is zero.</summary>
    public Scalar(double val0, double val1, double val2)
        : this(val0, val1, val2, 0)
    {
    }

    /// <summary>The same value for every channel.</summary>
    public static Scalar All(double v) => new(v, v, v, v);
}
