using EdgeCloud.ServiceDefaults;

using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The memory that frames may hold, all together at most <see cref="FrameOptions.MaxMemoryBytes"/>, taken before it
/// is allocated. Nobody waits for it: what finds too little is rejected, so frames that wait for their bodies cannot
/// keep each other waiting.
/// </summary>
internal sealed class FrameMemory(IOptions<FrameOptions> options)
{
    /// <summary>More than small pictures, decoded as many at once as there are processors, hold.</summary>
    private const long BusyBytes = 8 * 1024 * 1024;

    private readonly long _quietBytes = options.Value.MaxMemoryBytes - BusyBytes;
    private long _freeBytes = options.Value.MaxMemoryBytes;
    private bool _busy;

    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    /// <returns>Whether frames have held more than 8 MB since this was last asked.</returns>
    public bool TakeBusy() => Interlocked.Exchange(ref _busy, false);

    /// <summary>An empty share, for one frame.</summary>
    public Share Open() => new(this);

    /// <summary>
    /// What one frame holds; given back by <see cref="Dispose"/>, after what lies in it has been freed. Not
    /// thread-safe.
    /// </summary>
    public sealed class Share(FrameMemory memory) : IDisposable
    {
        private long _takenBytes;

        /// <returns>False, with nothing taken, when there is not so much left.</returns>
        public bool TryTake(long bytes)
        {
            var left = Interlocked.Add(ref memory._freeBytes, -bytes);
            if (left < 0)
            {
                Interlocked.Add(ref memory._freeBytes, bytes);
                return false;
            }

            if (left < memory._quietBytes)
                Volatile.Write(ref memory._busy, true);
            _takenBytes += bytes;
            return true;
        }

        public void Dispose()
        {
            // Or its metadata and rows stay free in the C library's heaps, 20 MB after a dozen such frames at once.
            if (_takenBytes > BusyBytes)
                NativeHeap.Trim();
            Interlocked.Add(ref memory._freeBytes, _takenBytes);
            _takenBytes = 0;
        }
    }
}
