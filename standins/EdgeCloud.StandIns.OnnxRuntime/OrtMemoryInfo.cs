using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Says where memory is: a tensor's, or an allocator's.</summary>
public sealed unsafe class OrtMemoryInfo : SafeHandle
{
    private static readonly Lazy<OrtMemoryInfo> Cpu = new(() => new OrtMemoryInfo(OrtApi.Instance.NewCpuMemoryInfo()));

    /// <summary>The allocator of ordinary memory: "Cpu", zero-terminated.</summary>
    public static readonly byte[] allocatorCPU = [.. "Cpu\0"u8];

    /// <summary>Names an allocator.</summary>
    /// <param name="utf8AllocatorName">Zero-terminated UTF-8, such as <see cref="allocatorCPU"/>.</param>
    /// <param name="allocatorType">Whether it keeps what it allocated.</param>
    /// <param name="deviceId">0 for the processor.</param>
    /// <param name="memoryType">What the memory is for.</param>
    public OrtMemoryInfo(byte[] utf8AllocatorName, OrtAllocatorType allocatorType, int deviceId, OrtMemType memoryType)
        : base(0, ownsHandle: true)
    {
        nint memoryInfo;
        fixed (byte* name = utf8AllocatorName)
            OrtApi.Instance.Check(OrtApi.Instance.CreateMemoryInfo(name, (int)allocatorType, deviceId, (int)memoryType, &memoryInfo));
        handle = memoryInfo;
    }

    private OrtMemoryInfo(nint memoryInfo)
        : base(memoryInfo, ownsHandle: true)
    {
    }

    /// <summary>Ordinary memory of this process. Never dispose it.</summary>
    public static OrtMemoryInfo DefaultInstance => Cpu.Value;

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        OrtApi.Instance.ReleaseMemoryInfo(handle);
        return true;
    }
}
