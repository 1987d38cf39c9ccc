using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A loaded model. Any number of threads may run it at once, each with a binding of its own.</summary>
public sealed unsafe class InferenceSession : IDisposable
{
    private readonly SessionHandle session;
    private readonly List<string> inputNames = [];
    private readonly List<string> outputNames = [];
    private readonly Dictionary<string, NodeMetadata> inputMetadata = [];
    private readonly Dictionary<string, NodeMetadata> outputMetadata = [];

    /// <summary>Loads a model file with default options.</summary>
    /// <exception cref="OnnxRuntimeException">The file is missing or is not a model that can be run.</exception>
    public InferenceSession(string modelPath)
        : this(() => Load(modelPath))
    {
    }

    /// <summary>Loads a model file.</summary>
    /// <exception cref="OnnxRuntimeException">The file is missing or is not a model that can be run.</exception>
    public InferenceSession(string modelPath, SessionOptions options)
        : this(() => Load(modelPath, options))
    {
    }

    /// <summary>Loads a model from memory with default options.</summary>
    /// <exception cref="OnnxRuntimeException">The bytes are not a model that can be run.</exception>
    public InferenceSession(byte[] model)
        : this(() => Load(model))
    {
    }

    /// <summary>Loads a model from memory.</summary>
    /// <exception cref="OnnxRuntimeException">The bytes are not a model that can be run.</exception>
    public InferenceSession(byte[] model, SessionOptions options)
        : this(() => Load(model, options))
    {
    }

    private InferenceSession(Func<SessionHandle> load)
    {
        session = load();
        var api = OrtApi.Instance;
        Describe(api.SessionGetInputCount, api.SessionGetInputName, api.SessionGetInputTypeInfo, inputNames, inputMetadata);
        Describe(api.SessionGetOutputCount, api.SessionGetOutputName, api.SessionGetOutputTypeInfo, outputNames, outputMetadata);
    }

    /// <summary>The model's inputs, in its order.</summary>
    public IReadOnlyList<string> InputNames => inputNames;

    /// <summary>The model's outputs, in its order.</summary>
    public IReadOnlyList<string> OutputNames => outputNames;

    /// <summary>Shape and type of every input.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> InputMetadata => inputMetadata;

    /// <summary>Shape and type of every output.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> OutputMetadata => outputMetadata;

    /// <summary>A binding with nothing bound yet. It must not be used by two threads at once.</summary>
    public OrtIoBinding CreateIoBinding() => new(session);

    /// <summary>Runs the model on what is bound. Nothing is allocated in managed memory.</summary>
    /// <exception cref="OnnxRuntimeException">An input is not bound, a shape does not fit, or a node failed.</exception>
    public void RunWithBinding(RunOptions runOptions, OrtIoBinding ioBinding)
    {
        using var running = new Borrowed(session);
        using var options = new Borrowed(runOptions);
        using var binding = new Borrowed(ioBinding);
        OrtApi.Instance.Check(OrtApi.Instance.RunWithBinding(running.Pointer, options.Pointer, binding.Pointer));
    }

    /// <inheritdoc />
    public void Dispose() => session.Dispose();

    private static SessionHandle Load(string modelPath)
    {
        using var options = new SessionOptions();
        return Load(modelPath, options);
    }

    private static SessionHandle Load(string modelPath, SessionOptions options)
    {
        using var borrowed = new Borrowed(options);
        nint created;
        fixed (byte* path = OrtApi.Utf8(modelPath))
            OrtApi.Instance.Check(OrtApi.Instance.CreateSession(OrtApi.Instance.Environment, path, borrowed.Pointer, &created));
        return new SessionHandle(created);
    }

    private static SessionHandle Load(byte[] model)
    {
        using var options = new SessionOptions();
        return Load(model, options);
    }

    private static SessionHandle Load(byte[] model, SessionOptions options)
    {
        using var borrowed = new Borrowed(options);
        nint created;
        fixed (byte* bytes = model)
            OrtApi.Instance.Check(OrtApi.Instance.CreateSessionFromArray(
                OrtApi.Instance.Environment, bytes, (nuint)model.Length, borrowed.Pointer, &created));
        return new SessionHandle(created);
    }

    private void Describe(
        delegate* unmanaged<nint, nuint*, nint> getCount,
        delegate* unmanaged<nint, nuint, nint, byte**, nint> getName,
        delegate* unmanaged<nint, nuint, nint*, nint> getTypeInfo,
        List<string> names,
        Dictionary<string, NodeMetadata> metadata)
    {
        var api = OrtApi.Instance;
        using var described = new Borrowed(session);
        nuint count;
        api.Check(getCount(described.Pointer, &count));
        for (nuint index = 0; index < count; index++)
        {
            byte* utf8Name;
            api.Check(getName(described.Pointer, index, api.Allocator, &utf8Name));
            var name = Marshal.PtrToStringUTF8((nint)utf8Name) ?? "";
            api.Check(api.AllocatorFree(api.Allocator, utf8Name));
            names.Add(name);

            nint typeInfo;
            api.Check(getTypeInfo(described.Pointer, index, &typeInfo));
            try
            {
                metadata[name] = new NodeMetadata(typeInfo);
            }
            finally
            {
                api.ReleaseTypeInfo(typeInfo);
            }
        }
    }
}
