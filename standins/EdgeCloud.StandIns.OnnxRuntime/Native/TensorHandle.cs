using System.Buffers;
using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime.Native;

/// <summary>A native tensor over managed memory, which stays pinned until the last owner or binding of the tensor is gone.</summary>
internal sealed unsafe class TensorHandle(nint tensor, MemoryHandle memory) : SafeHandle(tensor, ownsHandle: true)
{
    private MemoryHandle memory = memory;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OrtApi.Instance.ReleaseValue(handle);
        memory.Dispose();
        return true;
    }
}
