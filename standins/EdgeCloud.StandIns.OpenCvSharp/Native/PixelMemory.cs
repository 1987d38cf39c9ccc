using System.Runtime.InteropServices;

namespace OpenCvSharp.Native;

/// <summary>The memory behind a <see cref="Mat"/>: its own, a pinned array, or the caller's.</summary>
internal sealed unsafe class PixelMemory : SafeHandle
{
    // What OpenCV's own allocator guarantees; its vector code is fastest on it.
    private const nuint AlignmentBytes = 64;

    private readonly long ownedBytes;
    private GCHandle pinned;

    private PixelMemory(nint pointer, long ownedBytes, GCHandle pinned)
        : base(pointer, ownsHandle: true)
    {
        this.ownedBytes = ownedBytes;
        this.pinned = pinned;
    }

    public override bool IsInvalid => handle == 0;

    public byte* Pointer => (byte*)handle;

    public static PixelMemory Allocate(long bytes)
    {
        var pointer = (nint)NativeMemory.AlignedAlloc((nuint)bytes, AlignmentBytes);
        GC.AddMemoryPressure(bytes);
        return new PixelMemory(pointer, bytes, default);
    }

    public static PixelMemory Pin(Array array)
    {
        var pinned = GCHandle.Alloc(array, GCHandleType.Pinned);
        return new PixelMemory(pinned.AddrOfPinnedObject(), 0, pinned);
    }

    public static PixelMemory Borrow(nint pointer) => new(pointer, 0, default);

    protected override bool ReleaseHandle()
    {
        if (pinned.IsAllocated)
            pinned.Free();
        if (ownedBytes > 0)
        {
            NativeMemory.AlignedFree((void*)handle);
            GC.RemoveMemoryPressure(ownedBytes);
        }

        return true;
    }
}
