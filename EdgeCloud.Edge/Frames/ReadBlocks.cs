using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The memory that the web server reads into. Its own blocks have 4 KB, of which a read fills half: a frame of 86 KB
/// takes 45 of them, and two of these. They lie outside the garbage collector's heap, and beyond <see cref="MaxIdle"/>
/// go back to the system at once: from the framework's shared pool they held more than BombTests allows.
/// </summary>
internal sealed class ReadBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>1 MB, enough for as many frames as arrive at once.</summary>
    private const int MaxIdle = 16;

    private readonly ConcurrentQueue<Block> _idle = [];

    public override int MaxBufferSize => BlockBytes;

    /// <summary>One for all connections.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <param name="minBufferSize">At most <see cref="MaxBufferSize"/>; a block always has as much.</param>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return _idle.TryDequeue(out var block) ? block : new Block(this);
    }

    /// <summary>Each listener disposes what it takes for its own; blocks that come back later are freed then.</summary>
    protected override void Dispose(bool disposing)
    {
        while (_idle.TryDequeue(out var block))
            block.Free();
    }

    private void Return(Block block)
    {
        if (_idle.Count < MaxIdle)
            _idle.Enqueue(block);
        else
            block.Free();
    }

    private sealed unsafe class Block(ReadBlocks home) : MemoryManager<byte>
    {
        private readonly byte* _bytes = (byte*)NativeMemory.Alloc(BlockBytes);

        public void Free() => NativeMemory.Free(_bytes);

        public override Span<byte> GetSpan() => new(_bytes, BlockBytes);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => home.Return(this);
    }
}
