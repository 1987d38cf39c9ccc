using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime.Native;

/// <summary>A native object that cannot be released, by another thread or the garbage collector, before this is disposed.</summary>
internal readonly ref struct Borrowed
{
    private readonly SafeHandle owner;

    /// <exception cref="ObjectDisposedException"><paramref name="owner"/> is disposed.</exception>
    public Borrowed(SafeHandle owner)
    {
        var added = false;
        owner.DangerousAddRef(ref added);
        this.owner = owner;
        Pointer = owner.DangerousGetHandle();
    }

    public nint Pointer { get; }

    public void Dispose() => owner.DangerousRelease();
}
