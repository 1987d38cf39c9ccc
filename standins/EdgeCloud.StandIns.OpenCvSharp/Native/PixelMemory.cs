using System.Runtime.InteropServices;

namespace OpenCvSharp.Native;

/// <summary>The memory behind a <see cref="Mat"/>: its own, a pinned array, or the caller's.</summary>
internal sealed unsafe class PixelMemory : SafeHandle
{
    // What OpenCV's own allocator guarantees; its vector code is fastest on it.
    private const nuint AlignmentBytes = 64;

    private readonly bool owned;
    private GCHandle pinned;

    private PixelMemory(nint pointer, bool owned, GCHandle pinned = default)
        : base(pointer, ownsHandle: true)
    {
        this.owned = owned;
        this.pinned = pinned;
    }

    public override bool IsInvalid => handle == 0;

    public byte* Pointer => (byte*)handle;

    /// <summary>No memory pressure is reported: a matrix a frame, disposed of at once, would make the collector run for nothing.</summary>
    public static PixelMemory Allocate(long bytes) => new((nint)NativeMemory.AlignedAlloc((nuint)bytes, AlignmentBytes), owned: true);

    public static PixelMemory Pin(Array array)
    {
        var pinned = GCHandle.Alloc(array, GCHandleType.Pinned);
        return new PixelMemory(pinned.AddrOfPinnedObject(), owned: false, pinned);
    }

    public static PixelMemory Borrow(nint pointer) => new(pointer, owned: false);

    protected override bool ReleaseHandle()
    {
        if (pinned.IsAllocated)
            pinned.Free();
        if (owned)
            NativeMemory.AlignedFree((void*)handle);

        return true;
    }
}
