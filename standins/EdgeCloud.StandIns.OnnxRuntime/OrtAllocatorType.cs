namespace Microsoft.ML.OnnxRuntime;

/// <summary>Whether an allocator keeps what it allocated.</summary>
public enum OrtAllocatorType
{
    /// <summary>Every block goes back to the system.</summary>
    DeviceAllocator = 0,

    /// <summary>Freed blocks are kept and used again.</summary>
    ArenaAllocator = 1,
}
