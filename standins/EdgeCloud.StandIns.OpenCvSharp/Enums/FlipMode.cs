namespace OpenCvSharp;

/// <summary>The axis an image is mirrored at.</summary>
public enum FlipMode
{
    /// <summary>The horizontal axis: top becomes bottom.</summary>
    X = 0,

    /// <summary>The vertical axis: left becomes right.</summary>
    Y = 1,

    /// <summary>Both.</summary>
    XY = -1,
}
