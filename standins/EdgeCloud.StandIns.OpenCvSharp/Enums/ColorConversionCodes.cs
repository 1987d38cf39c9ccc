namespace OpenCvSharp;

/// <summary>Conversions between the orders of colour channels, and to and from grey.</summary>
public enum ColorConversionCodes
{
    /// <summary>Adds an opaque fourth channel.</summary>
    BGR2BGRA = 0,

    /// <inheritdoc cref="BGR2BGRA" />
    RGB2RGBA = BGR2BGRA,

    /// <summary>Drops the fourth channel.</summary>
    BGRA2BGR = 1,

    /// <inheritdoc cref="BGRA2BGR" />
    RGBA2RGB = BGRA2BGR,

    /// <summary>Swaps red and blue and adds an opaque fourth channel.</summary>
    BGR2RGBA = 2,

    /// <inheritdoc cref="BGR2RGBA" />
    RGB2BGRA = BGR2RGBA,

    /// <summary>Swaps red and blue and drops the fourth channel.</summary>
    RGBA2BGR = 3,

    /// <inheritdoc cref="RGBA2BGR" />
    BGRA2RGB = RGBA2BGR,

    /// <summary>Swaps red and blue.</summary>
    BGR2RGB = 4,

    /// <inheritdoc cref="BGR2RGB" />
    RGB2BGR = BGR2RGB,

    /// <summary>Swaps red and blue.</summary>
    BGRA2RGBA = 5,

    /// <inheritdoc cref="BGRA2RGBA" />
    RGBA2BGRA = BGRA2RGBA,

    /// <summary>0.114 B + 0.587 G + 0.299 R.</summary>
    BGR2GRAY = 6,

    /// <summary>0.299 R + 0.587 G + 0.114 B.</summary>
    RGB2GRAY = 7,

    /// <summary>Three equal channels.</summary>
    GRAY2BGR = 8,

    /// <inheritdoc cref="GRAY2BGR" />
    GRAY2RGB = GRAY2BGR,

    /// <summary>Three equal channels and an opaque fourth.</summary>
    GRAY2BGRA = 9,

    /// <inheritdoc cref="GRAY2BGRA" />
    GRAY2RGBA = GRAY2BGRA,

    /// <summary>0.114 B + 0.587 G + 0.299 R.</summary>
    BGRA2GRAY = 10,

    /// <summary>0.299 R + 0.587 G + 0.114 B.</summary>
    RGBA2GRAY = 11,
}
