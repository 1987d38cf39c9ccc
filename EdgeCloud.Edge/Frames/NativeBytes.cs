using System.Runtime.InteropServices;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// A block outside the garbage collector's heap, where bodies of megabytes stay resident long after their frames: eight
/// of 7 MB at once, again and again, left 390 MB there. To be a field, not copied; its owner disposes it.
/// </summary>
internal unsafe struct NativeBytes : IDisposable
{
    private byte* _bytes;

    public int Capacity { get; private set; }

    public readonly Span<byte> Span => new(_bytes, Capacity);

    /// <summary>Keeps what is in it, as far as there is room.</summary>
    public void Resize(int capacity)
    {
        _bytes = (byte*)NativeMemory.Realloc(_bytes, (nuint)capacity);
        Capacity = capacity;
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
        Capacity = 0;
    }
}
