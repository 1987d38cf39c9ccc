using OpenCvSharp.Native;

namespace OpenCvSharp;

/// <summary>
/// Source and destination of a native call. The destination keeps its memory when it already has the right size and type, as in OpenCV, and
/// otherwise takes over new memory when the operation ends. Both may be the same matrix: the native functions called here allow for that.
/// </summary>
internal readonly ref struct Operation
{
    private readonly Mat source;
    private readonly Mat destination;
    private readonly Mat target;

    public Operation(Mat source, Mat destination, int rows, int cols, MatType type)
    {
        var fits = destination.Rows == rows && destination.Cols == cols && destination.Type() == type && !destination.Empty();
        this.source = source;
        this.destination = destination;
        target = fits ? destination : new Mat(rows, cols, type);
        Source = CvMat.Over(source);
        Target = CvMat.Over(target);
    }

    public CvMat Source { get; }

    public CvMat Target { get; }

    public void Dispose()
    {
        GC.KeepAlive(source);
        GC.KeepAlive(target);
        if (target != destination)
            destination.TakeOver(target);
    }
}
