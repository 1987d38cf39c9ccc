namespace OpenCvSharp;

/// <summary>What there is beyond the edge of an image.</summary>
public enum BorderTypes
{
    /// <summary>A given value.</summary>
    Constant = 0,

    /// <summary>Whatever the destination held before.</summary>
    Transparent = 5,
}
