namespace OpenCvSharp;

/// <summary>How an image is decoded.</summary>
[Flags]
public enum ImreadModes
{
    /// <summary>As it is stored: grey or colour, orientation ignored.</summary>
    Unchanged = -1,

    /// <summary>To one channel.</summary>
    Grayscale = 0,

    /// <summary>To three channels: blue, green, red.</summary>
    Color = 1,

    /// <summary>Keeps the depth; every JPEG that can be decoded has 8 bits.</summary>
    AnyDepth = 2,

    /// <summary>To one channel or three, as it is stored.</summary>
    AnyColor = 4,

    /// <summary>To one channel, at half size.</summary>
    ReducedGrayscale2 = 16,

    /// <summary>To three channels, at half size.</summary>
    ReducedColor2 = 17,

    /// <summary>To one channel, at a quarter of the size.</summary>
    ReducedGrayscale4 = 32,

    /// <summary>To three channels, at a quarter of the size.</summary>
    ReducedColor4 = 33,

    /// <summary>To one channel, at an eighth of the size.</summary>
    ReducedGrayscale8 = 64,

    /// <summary>To three channels, at an eighth of the size.</summary>
    ReducedColor8 = 65,

    /// <summary>Leaves the image as it lies in the file instead of turning it upright as its EXIF data say.</summary>
    IgnoreOrientation = 128,
}
