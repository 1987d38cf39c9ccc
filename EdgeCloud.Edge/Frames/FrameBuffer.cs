using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The bytes of one body, growing with what has arrived. Outside the garbage collector's heap, where bodies of
/// megabytes stay resident long after their frames: eight of 7 MB at once, again and again, left 390 MB there.
/// </summary>
/// <param name="memory">What it takes is counted here.</param>
internal sealed unsafe class FrameBuffer(FrameMemory memory) : IDisposable
{
    private const int SmallestBytes = 16 * 1024;

    private readonly FrameMemory.Share _share = memory.Open();
    private byte* _bytes;
    private int _capacity;

    public int Length { get; private set; }

    /// <summary>Valid until more is appended, or <see cref="Dispose"/>.</summary>
    public Span<byte> Span => new(_bytes, Length);

    /// <param name="arrived">To be copied.</param>
    /// <param name="promisedBytes">The length that the sender has given for all of it, if any; believed eight times as
    /// far as it has been kept.</param>
    /// <returns>False, with nothing appended, when there is not so much memory left.</returns>
    public bool TryAppend(in ReadOnlySequence<byte> arrived, long? promisedBytes)
    {
        var needed = checked(Length + (int)arrived.Length);
        if (needed > _capacity)
        {
            var expected = Math.Max(needed, Math.Min(promisedBytes ?? 0, 8L * needed));
            var capacity = Math.Max(SmallestBytes, (int)BitOperations.RoundUpToPowerOf2((ulong)expected));
            if (!_share.TryTake(capacity - _capacity))
                return false;
            _bytes = (byte*)NativeMemory.Realloc(_bytes, (nuint)capacity);
            _capacity = capacity;
        }

        arrived.CopyTo(new Span<byte>(_bytes + Length, _capacity - Length));
        Length = needed;
        return true;
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
        (_capacity, Length) = (0, 0);
        _share.Dispose();
    }
}
