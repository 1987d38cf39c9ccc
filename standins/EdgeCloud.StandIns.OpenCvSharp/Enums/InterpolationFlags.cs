namespace OpenCvSharp;

/// <summary>How pixels between pixels are made.</summary>
[Flags]
public enum InterpolationFlags
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>From the 2×2 pixels around; the default.</summary>
    Linear = 1,

    /// <summary>From the 4×4 pixels around.</summary>
    Cubic = 2,

    /// <summary>The mean of the area a pixel covers: the best for making images smaller.</summary>
    Area = 3,

    /// <summary>From the 8×8 pixels around.</summary>
    Lanczos4 = 4,

    /// <summary>The matrix maps from destination to source.</summary>
    WarpInverseMap = 16,
}
