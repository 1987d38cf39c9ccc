namespace OpenCvSharp;

/// <summary>The library is used in a way that makes no sense.</summary>
public sealed class OpenCvSharpException : Exception
{
    /// <summary>With the reason.</summary>
    public OpenCvSharpException(string message)
        : base(message)
    {
    }
}
