namespace OpenCvSharp;

/// <summary>What functions write to: a <see cref="Mat"/>, which converts to it by itself.</summary>
public sealed class OutputArray
{
    private OutputArray(Mat mat) => Mat = mat;

    internal Mat Mat { get; }

    /// <summary>Writes to <paramref name="mat"/>.</summary>
    public static implicit operator OutputArray(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        mat.ThrowIfDisposed();
        return new OutputArray(mat);
    }
}
