using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>
/// Fixes where a session reads its inputs and writes its outputs, so that runs need neither names nor copies.
/// Keeps its session and the values bound last under each name alive.
/// </summary>
public sealed unsafe class OrtIoBinding : SafeHandle
{
    private readonly SessionHandle session;
    private readonly Dictionary<string, TensorHandle> inputs = [];
    private readonly Dictionary<string, TensorHandle> outputs = [];

    internal OrtIoBinding(SessionHandle session)
        : base(0, ownsHandle: true)
    {
        this.session = session;
        var kept = false;
        session.DangerousAddRef(ref kept);
        nint binding;
        var status = OrtApi.Instance.CreateIoBinding(session.DangerousGetHandle(), &binding);
        if (status != 0)
            session.DangerousRelease();
        OrtApi.Instance.Check(status);
        handle = binding;
    }

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <summary>From now on runs read the input <paramref name="name"/> from the memory of <paramref name="ortValue"/>.</summary>
    /// <exception cref="OnnxRuntimeException">The model has no such input.</exception>
    public void BindInput(string name, OrtValue ortValue) => Bind(OrtApi.Instance.BindInput, inputs, name, ortValue.Handle);

    /// <summary>
    /// From now on runs write the output <paramref name="name"/> to the memory of <paramref name="ortValue"/>.
    /// A name the model does not have is refused by the run, not here.
    /// </summary>
    public void BindOutput(string name, OrtValue ortValue) => Bind(OrtApi.Instance.BindOutput, outputs, name, ortValue.Handle);

    private void Bind(delegate* unmanaged<nint, byte*, nint, nint> bind, Dictionary<string, TensorHandle> bound, string name, TensorHandle tensor)
    {
        using var binding = new Borrowed(this);
        var kept = false;
        tensor.DangerousAddRef(ref kept);
        nint status;
        fixed (byte* utf8Name = OrtApi.Utf8(name))
            status = bind(binding.Pointer, utf8Name, tensor.DangerousGetHandle());

        if (status != 0)
            tensor.DangerousRelease();
        OrtApi.Instance.Check(status);

        if (bound.TryGetValue(name, out var previous))
            previous.DangerousRelease();
        bound[name] = tensor;
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        OrtApi.Instance.ReleaseIoBinding(handle);
        foreach (var tensor in inputs.Values)
            tensor.DangerousRelease();
        foreach (var tensor in outputs.Values)
            tensor.DangerousRelease();
        session.DangerousRelease();
        return true;
    }
}
