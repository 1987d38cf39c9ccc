using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The memory that the web server reads into. Its own blocks have 4 KB, of which a read fills half: a frame of 86 KB
/// takes 45 of them, and two of these.
/// </summary>
internal sealed class ReadBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 64 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        Shared.Rent(Math.Max(minBufferSize, BlockBytes));

    /// <summary>The blocks are the framework's own, which frees those that nobody uses.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
