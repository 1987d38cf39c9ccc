using System.Runtime.InteropServices;

namespace EdgeCloud.Edge.Frames;

/// <summary>The C library's heap, where bodies and decoded pictures lie.</summary>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int LargeBytes = 1024 * 1024;

    /// <summary>
    /// Lets large blocks go back to the system as soon as they are freed. Left to itself, glibc takes the first one freed as a sign that more of its size will follow
    /// and keeps those (mallopt(3), M_MMAP_THRESHOLD): bodies of 7 MB, eight at once, left 205 MB resident; so set, 30 MB.
    /// </summary>
    public static void ReturnLargeBlocks()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(MmapThreshold, LargeBytes);
        }
        catch (DllNotFoundException)
        {
            // Another C library than glibc, without this habit.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
