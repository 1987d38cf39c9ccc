using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime.Native;

internal sealed unsafe class SessionHandle(nint session) : SafeHandle(session, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OrtApi.Instance.ReleaseSession(handle);
        return true;
    }
}
