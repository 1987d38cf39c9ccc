namespace OpenCvSharp;

/// <summary>OpenCV's error codes, as far as this assembly raises them.</summary>
public enum ErrorCode
{
    /// <summary>No error.</summary>
    StsOk = 0,

    /// <summary>Something without a code of its own.</summary>
    StsError = -2,

    /// <summary>A condition on the arguments does not hold.</summary>
    StsAssert = -215,
}
