namespace OpenCvSharp;

/// <summary>Turns by multiples of 90 degrees.</summary>
public enum RotateFlags
{
    /// <summary>To the right.</summary>
    Rotate90Clockwise = 0,

    /// <summary>Upside down.</summary>
    Rotate180 = 1,

    /// <summary>To the left.</summary>
    Rotate90Counterclockwise = 2,
}
