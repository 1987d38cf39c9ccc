using System.Reflection;
using System.Runtime.InteropServices;

namespace OpenCvSharp.Native;

/// <summary>
/// The system's OpenCV and libjpeg-turbo. OpenCV's C functions throw C++ exceptions, which would end the process, when their arguments do not
/// fit: callers check everything beforehand.
/// </summary>
internal static unsafe partial class NativeMethods
{
    private const string OpenCvCore = "opencv_core";
    private const string OpenCvImageProcessing = "opencv_imgproc";
    private const string TurboJpeg = "turbojpeg";

    private static readonly Dictionary<string, string[]> FileNames = new()
    {
        [OpenCvCore] = ["libopencv_core.so.406", "libopencv_core.so.410", "libopencv_core.so.4.5d"],
        [OpenCvImageProcessing] = ["libopencv_imgproc.so.406", "libopencv_imgproc.so.410", "libopencv_imgproc.so.4.5d"],
        [TurboJpeg] = ["libturbojpeg.so.0"],
    };

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (!FileNames.TryGetValue(library, out var candidates))
            return 0;
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return handle;
        }

        throw new DllNotFoundException(
            $"None of {string.Join(", ", candidates)} is installed. On Debian: apt-get install libopencv-core406 libopencv-imgproc406 libturbojpeg0");
    }
}
