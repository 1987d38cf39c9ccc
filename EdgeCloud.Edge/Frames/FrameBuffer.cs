using System.Buffers;
using System.Numerics;

namespace EdgeCloud.Edge.Frames;

/// <summary>The bytes of one body, growing with what has arrived.</summary>
/// <param name="memory">What it takes is counted here.</param>
internal sealed class FrameBuffer(FrameMemory memory) : IDisposable
{
    private const int SmallestBytes = 16 * 1024;

    private readonly FrameMemory.Share _share = memory.Open();
    private NativeBytes _bytes;

    public int Length { get; private set; }

    /// <summary>Valid until more is appended, or <see cref="Dispose"/>.</summary>
    public Span<byte> Span => _bytes.Span[..Length];

    /// <param name="arrived">To be copied.</param>
    /// <param name="promisedBytes">The length that the sender has given for all of it, if any; believed eight times as
    /// far as it has been kept.</param>
    /// <returns>False, with nothing appended, when there is not so much memory left.</returns>
    public bool TryAppend(in ReadOnlySequence<byte> arrived, long? promisedBytes)
    {
        var needed = checked(Length + (int)arrived.Length);
        if (needed > _bytes.Capacity)
        {
            var expected = Math.Max(needed, Math.Min(promisedBytes ?? 0, 8L * needed));
            var capacity = Math.Max(SmallestBytes, (int)BitOperations.RoundUpToPowerOf2((ulong)expected));
            if (!_share.TryTake(capacity - _bytes.Capacity))
                return false;
            _bytes.Resize(capacity);
        }

        arrived.CopyTo(_bytes.Span[Length..]);
        Length = needed;
        return true;
    }

    public void Dispose()
    {
        _bytes.Dispose();
        Length = 0;
        _share.Dispose();
    }
}
