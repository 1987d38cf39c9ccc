namespace OpenCvSharp;

/// <summary>What functions read from: a <see cref="Mat"/>, which converts to it by itself.</summary>
public sealed class InputArray
{
    private InputArray(Mat mat) => Mat = mat;

    internal Mat Mat { get; }

    /// <summary>Reads from <paramref name="mat"/>.</summary>
    public static implicit operator InputArray(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        mat.ThrowIfDisposed();
        return new InputArray(mat);
    }
}
