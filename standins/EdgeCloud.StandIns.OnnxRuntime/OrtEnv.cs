using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>What all sessions of this process share.</summary>
public sealed class OrtEnv : SafeHandle
{
    private static readonly Lazy<OrtEnv> Only = new(() => new OrtEnv(OrtApi.Instance.Environment));

    private OrtEnv(nint environment)
        : base(environment, ownsHandle: true)
    {
    }

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <summary>The one environment of this process. Never dispose it.</summary>
    public static OrtEnv Instance() => Only.Value;

    /// <summary>Makes an allocator for the sessions whose entry session.use_env_allocators is 1.</summary>
    /// <param name="memInfo">Which.</param>
    /// <param name="arenaCfg">How it grows.</param>
    public unsafe void CreateAndRegisterAllocator(OrtMemoryInfo memInfo, OrtArenaCfg arenaCfg)
    {
        using var memoryInfo = new Borrowed(memInfo);
        using var configuration = new Borrowed(arenaCfg);
        OrtApi.Instance.Check(OrtApi.Instance.CreateAndRegisterAllocator(handle, memoryInfo.Pointer, configuration.Pointer));
    }

    /// <summary>The environment outlives everything, since every session depends on it.</summary>
    protected override bool ReleaseHandle() => true;
}
