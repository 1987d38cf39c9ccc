using System.Runtime.InteropServices;

namespace OpenCvSharp.Native;

/// <summary>OpenCV's C interface (core_c.h, imgproc_c.h).</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(OpenCvCore)]
    public static partial void cvSetNumThreads(int threads);

    [LibraryImport(OpenCvCore)]
    public static partial void cvFlip(CvMat* source, CvMat* destination, int mode);

    [LibraryImport(OpenCvCore)]
    public static partial void cvTranspose(CvMat* source, CvMat* destination);

    [LibraryImport(OpenCvImageProcessing)]
    public static partial void cvResize(CvMat* source, CvMat* destination, int interpolation);

    [LibraryImport(OpenCvImageProcessing)]
    public static partial void cvCvtColor(CvMat* source, CvMat* destination, int code);

    [LibraryImport(OpenCvImageProcessing)]
    public static partial void cvWarpAffine(CvMat* source, CvMat* destination, CvMat* matrix, int flags, Scalar fill);
}

/// <summary>CvMat of types_c.h: a header over somebody else's pixels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CvMat
{
    private const int Magic = 0x42420000;
    private const int Continuous = 1 << 14;

    private int type;
    private int step;
    private readonly int* referenceCount;
    private readonly int headerReferenceCount;
    private void* data;
    private int rows;
    private int columns;

    public static CvMat Over(Mat mat) => new()
    {
        type = Magic | (mat.IsContinuous() ? Continuous : 0) | mat.Type().Value,
        step = checked((int)mat.Step()),
        data = mat.DataPointer,
        rows = mat.Rows,
        columns = mat.Cols,
    };
}
