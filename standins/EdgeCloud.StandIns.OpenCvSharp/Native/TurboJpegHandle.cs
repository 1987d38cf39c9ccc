using System.Runtime.InteropServices;

namespace OpenCvSharp.Native;

/// <summary>
/// A compressor or decompressor for one picture. It must not serve a second: libjpeg keeps tables, so that a progressive picture would spoil the
/// ones encoded after it, and a file without tables of its own would be decoded with those of somebody else's.
/// </summary>
internal sealed class TurboJpegHandle : SafeHandle
{
    private TurboJpegHandle(nint handle)
        : base(handle, ownsHandle: true)
    {
        if (IsInvalid)
            throw new OutOfMemoryException("libjpeg-turbo could not be initialised.");
    }

    public override bool IsInvalid => handle == 0;

    public nint Pointer => handle;

    public static TurboJpegHandle NewDecompressor() => new(NativeMethods.tjInitDecompress());

    public static TurboJpegHandle NewCompressor() => new(NativeMethods.tjInitCompress());

    protected override bool ReleaseHandle() => NativeMethods.tjDestroy(handle) == 0;
}
