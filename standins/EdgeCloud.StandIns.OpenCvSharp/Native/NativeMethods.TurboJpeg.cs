using System.Runtime.InteropServices;

namespace OpenCvSharp.Native;

/// <summary>libjpeg-turbo's TurboJPEG interface (turbojpeg.h). Its unsigned long is a nuint on Linux.</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(TurboJpeg)]
    public static partial nint tjInitDecompress();

    [LibraryImport(TurboJpeg)]
    public static partial nint tjInitCompress();

    [LibraryImport(TurboJpeg)]
    public static partial int tjDestroy(nint handle);

    [LibraryImport(TurboJpeg)]
    public static partial int tjGetErrorCode(nint handle);

    [LibraryImport(TurboJpeg)]
    public static partial int tjDecompress2(
        nint handle, byte* jpeg, nuint jpegBytes, byte* pixels, int width, int stride, int height, int pixelFormat, int flags);

    [LibraryImport(TurboJpeg)]
    public static partial int tjCompress2(
        nint handle, byte* pixels, int width, int stride, int height, int pixelFormat,
        byte** jpeg, nuint* jpegBytes, int subsampling, int quality, int flags);

    [LibraryImport(TurboJpeg)]
    public static partial void tjFree(byte* buffer);
}
