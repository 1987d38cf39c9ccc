using OpenCvSharp.Native;

namespace OpenCvSharp;

/// <summary>
/// Source and destination of a native call. The destination keeps its memory when it already has the right size and type, as in OpenCV, and
/// otherwise takes over new memory when the operation ends; source and destination may be the same matrix.
/// </summary>
internal readonly ref struct Operation
{
    private readonly Mat destination;
    private readonly Mat target;
    private readonly Mat source;
    private readonly Mat? sourceCopy;

    /// <param name="source">Read from.</param>
    /// <param name="destination">Written to.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="cols">Columns of the result.</param>
    /// <param name="type">Type of the result.</param>
    /// <param name="worksInPlace">Whether the native function may read and write the same memory.</param>
    public Operation(Mat source, Mat destination, int rows, int cols, MatType type, bool worksInPlace = false)
    {
        var fits = destination.Rows == rows && destination.Cols == cols && destination.Type() == type && !destination.Empty();
        this.destination = destination;
        target = fits ? destination : new Mat(rows, cols, type);
        sourceCopy = fits && !worksInPlace && destination.Data == source.Data ? source.Clone() : null;
        this.source = sourceCopy ?? source;
        Source = CvMat.Over(this.source);
        Target = CvMat.Over(target);
    }

    public CvMat Source { get; }

    public CvMat Target { get; }

    public void Dispose()
    {
        GC.KeepAlive(source);
        sourceCopy?.Dispose();
        if (target != destination)
            destination.TakeOver(target);
    }
}
