using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>How an <see cref="InferenceSession"/> is made; read once, when the session is constructed.</summary>
public sealed unsafe class SessionOptions : SafeHandle
{
    private int intraOpNumThreads;
    private int interOpNumThreads;
    private GraphOptimizationLevel graphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;

    /// <summary>ONNX Runtime's defaults.</summary>
    public SessionOptions()
        : base(0, ownsHandle: true)
    {
        nint options;
        OrtApi.Instance.Check(OrtApi.Instance.CreateSessionOptions(&options));
        handle = options;
    }

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <summary>Threads that share the work of one node; 0 means one per core.</summary>
    public int IntraOpNumThreads
    {
        get => intraOpNumThreads;
        set
        {
            using var options = new Borrowed(this);
            OrtApi.Instance.Check(OrtApi.Instance.SetIntraOpNumThreads(options.Pointer, value));
            intraOpNumThreads = value;
        }
    }

    /// <summary>Threads that run independent nodes side by side; of no effect in sequential execution, the default.</summary>
    public int InterOpNumThreads
    {
        get => interOpNumThreads;
        set
        {
            using var options = new Borrowed(this);
            OrtApi.Instance.Check(OrtApi.Instance.SetInterOpNumThreads(options.Pointer, value));
            interOpNumThreads = value;
        }
    }

    /// <summary>How far the graph is rewritten when it is loaded.</summary>
    public GraphOptimizationLevel GraphOptimizationLevel
    {
        get => graphOptimizationLevel;
        set
        {
            using var options = new Borrowed(this);
            OrtApi.Instance.Check(OrtApi.Instance.SetSessionGraphOptimizationLevel(options.Pointer, (int)value));
            graphOptimizationLevel = value;
        }
    }

    /// <summary>Sets one of the keys of onnxruntime_session_options_config_keys.h; the last value for a key wins.</summary>
    public void AddSessionConfigEntry(string configKey, string configValue)
    {
        using var options = new Borrowed(this);
        fixed (byte* key = OrtApi.Utf8(configKey), value = OrtApi.Utf8(configValue))
            OrtApi.Instance.Check(OrtApi.Instance.AddSessionConfigEntry(options.Pointer, key, value));
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        OrtApi.Instance.ReleaseSessionOptions(handle);
        return true;
    }
}
