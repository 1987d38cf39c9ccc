using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>How an arena grows.</summary>
public sealed unsafe class OrtArenaCfg : SafeHandle
{
    /// <param name="maxMemory">Bytes; 0 for as many as it takes.</param>
    /// <param name="arenaExtendStrategy">0 to double what is asked of the system each time, 1 to ask for what is needed, -1 for the default.</param>
    /// <param name="initialChunkSizeBytes">-1 for the default; of no meaning with strategy 1.</param>
    /// <param name="maxDeadBytesPerChunk">A larger rest of a block is split off; -1 for the default.</param>
    public OrtArenaCfg(uint maxMemory, int arenaExtendStrategy, int initialChunkSizeBytes, int maxDeadBytesPerChunk)
        : base(0, ownsHandle: true)
    {
        nint configuration;
        OrtApi.Instance.Check(OrtApi.Instance.CreateArenaCfg(maxMemory, arenaExtendStrategy, initialChunkSizeBytes, maxDeadBytesPerChunk, &configuration));
        handle = configuration;
    }

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        OrtApi.Instance.ReleaseArenaCfg(handle);
        return true;
    }
}
