using System.Runtime.InteropServices;

namespace EdgeCloud.ServiceDefaults;

/// <summary>The C library's heap, where bodies, decoded pictures and Kafka's messages lie.</summary>
public static partial class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int LargeBytes = 1024 * 1024;
    private const int ArenaMax = -8;
    private const int Arenas = 2;
    private const int TrimThreshold = -1;
    private const int TrimBytes = 2 * 1024 * 1024;

    /// <summary>
    /// Lets freed memory go back to the system. Left to itself, glibc takes the first large block freed as a sign that
    /// more of its size will follow and keeps those (mallopt(3), M_MMAP_THRESHOLD): bodies of 7 MB, eight at once, left
    /// 205 MB resident; so set, 30 MB. And it has up to eight heaps for each processor, each with its own leftovers: no
    /// more than the runtime's start has made by then, usually eight in all, hold 70 MB less under load. Two from the
    /// process's start (MALLOC_ARENA_MAX) hold no less than those: 305 to 380 MB against 313 to 353 MB, resident after
    /// 600 frames, eight at once. Up to 2 MB free at a heap's end stay: given back with every frame, as the usual 128
    /// KB would have it, a decoded picture's pages come anew with the next, and decoding with the face model takes a
    /// fifth longer.
    /// </summary>
    public static void ReturnFreedMemory() => Ask(static () =>
    {
        _ = SetOption(MmapThreshold, LargeBytes);
        _ = SetOption(ArenaMax, Arenas);
        _ = SetOption(TrimThreshold, TrimBytes);
    });

    /// <summary>Gives all that is free back to the system, wherever in the heaps it lies.</summary>
    public static void Trim() => Ask(static () => _ = TrimHeap(0));

    private static void Ask(Action ofGlibc)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            ofGlibc();
        }
        catch (DllNotFoundException)
        {
            // Another C library than glibc, without these habits.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint keptBytes);

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
