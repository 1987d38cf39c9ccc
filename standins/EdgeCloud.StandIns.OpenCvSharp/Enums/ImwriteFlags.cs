namespace OpenCvSharp;

/// <summary>Parameters of an encoder.</summary>
public enum ImwriteFlags
{
    /// <summary>0 to 100; 95 unless told.</summary>
    JpegQuality = 1,

    /// <summary>1 for a progressive JPEG; 0 unless told.</summary>
    JpegProgressive = 2,
}
