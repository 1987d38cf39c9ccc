using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.OnnxRuntime.Native;

/// <summary>
/// The entries we call of ONNX Runtime's function table (OrtApi in onnxruntime_c_api.h), and the one environment of this process.
/// The table only ever grows at its end, so an entry's number holds for every later version.
/// </summary>
internal sealed unsafe class OrtApi
{
    private const string LibraryName = "libonnxruntime.so.1";
    private const uint ApiVersion = 16;
    private const int LogWarningsAndWorse = 2;
    private const int DeviceAllocator = 0;
    private const int DefaultMemory = 0;

    private static readonly Lazy<OrtApi> Loaded = new(() => new OrtApi(LoadTable()));

    public readonly delegate* unmanaged<nint, int> GetErrorCode;
    public readonly delegate* unmanaged<nint, byte*> GetErrorMessage;
    public readonly delegate* unmanaged<nint, void> ReleaseStatus;
    private readonly delegate* unmanaged<int, byte*, nint*, nint> CreateEnv;
    private readonly delegate* unmanaged<nint*, nint> GetAllocatorWithDefaultOptions;
    public readonly delegate* unmanaged<nint, void*, nint> AllocatorFree;
    private readonly delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo;
    public readonly delegate* unmanaged<byte*, int, int, int, nint*, nint> CreateMemoryInfo;
    public readonly delegate* unmanaged<nint, void> ReleaseMemoryInfo;

    public readonly delegate* unmanaged<nint*, nint> CreateSessionOptions;
    public readonly delegate* unmanaged<nint, int, nint> SetSessionGraphOptimizationLevel;
    public readonly delegate* unmanaged<nint, int, nint> SetIntraOpNumThreads;
    public readonly delegate* unmanaged<nint, int, nint> SetInterOpNumThreads;
    public readonly delegate* unmanaged<nint, byte*, byte*, nint> AddSessionConfigEntry;
    public readonly delegate* unmanaged<nint, void> ReleaseSessionOptions;

    public readonly delegate* unmanaged<nint, byte*, nint, nint*, nint> CreateSession;
    public readonly delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint> CreateSessionFromArray;
    public readonly delegate* unmanaged<nint, void> ReleaseSession;
    public readonly delegate* unmanaged<nint, nuint*, nint> SessionGetInputCount;
    public readonly delegate* unmanaged<nint, nuint*, nint> SessionGetOutputCount;
    public readonly delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetInputName;
    public readonly delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetOutputName;
    public readonly delegate* unmanaged<nint, nuint, nint*, nint> SessionGetInputTypeInfo;
    public readonly delegate* unmanaged<nint, nuint, nint*, nint> SessionGetOutputTypeInfo;

    public readonly delegate* unmanaged<nint, nint*, nint> CastTypeInfoToTensorInfo;
    public readonly delegate* unmanaged<nint, void> ReleaseTypeInfo;
    public readonly delegate* unmanaged<nint, int*, nint> GetTensorElementType;
    public readonly delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount;
    public readonly delegate* unmanaged<nint, long*, nuint, nint> GetDimensions;

    public readonly delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithDataAsOrtValue;
    public readonly delegate* unmanaged<nint, void> ReleaseValue;

    public readonly delegate* unmanaged<nint*, nint> CreateRunOptions;
    public readonly delegate* unmanaged<nint, void> ReleaseRunOptions;
    public readonly delegate* unmanaged<nint, nint, nint, nint> RunWithBinding;
    public readonly delegate* unmanaged<nint, nint*, nint> CreateIoBinding;
    public readonly delegate* unmanaged<nint, void> ReleaseIoBinding;
    public readonly delegate* unmanaged<nint, byte*, nint, nint> BindInput;
    public readonly delegate* unmanaged<nint, byte*, nint, nint> BindOutput;

    public readonly delegate* unmanaged<nint, nint, nint, nint> CreateAndRegisterAllocator;
    public readonly delegate* unmanaged<nuint, int, int, int, nint*, nint> CreateArenaCfg;
    public readonly delegate* unmanaged<nint, void> ReleaseArenaCfg;

    private OrtApi(nint* table)
    {
        GetErrorCode = (delegate* unmanaged<nint, int>)table[1];
        GetErrorMessage = (delegate* unmanaged<nint, byte*>)table[2];
        CreateEnv = (delegate* unmanaged<int, byte*, nint*, nint>)table[3];
        CreateSession = (delegate* unmanaged<nint, byte*, nint, nint*, nint>)table[7];
        CreateSessionFromArray = (delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)table[8];
        CreateSessionOptions = (delegate* unmanaged<nint*, nint>)table[10];
        SetSessionGraphOptimizationLevel = (delegate* unmanaged<nint, int, nint>)table[23];
        SetIntraOpNumThreads = (delegate* unmanaged<nint, int, nint>)table[24];
        SetInterOpNumThreads = (delegate* unmanaged<nint, int, nint>)table[25];
        SessionGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)table[30];
        SessionGetOutputCount = (delegate* unmanaged<nint, nuint*, nint>)table[31];
        SessionGetInputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)table[33];
        SessionGetOutputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)table[34];
        SessionGetInputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[36];
        SessionGetOutputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[37];
        CreateRunOptions = (delegate* unmanaged<nint*, nint>)table[39];
        CreateTensorWithDataAsOrtValue = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)table[49];
        CastTypeInfoToTensorInfo = (delegate* unmanaged<nint, nint*, nint>)table[55];
        GetTensorElementType = (delegate* unmanaged<nint, int*, nint>)table[60];
        GetDimensionsCount = (delegate* unmanaged<nint, nuint*, nint>)table[61];
        GetDimensions = (delegate* unmanaged<nint, long*, nuint, nint>)table[62];
        CreateMemoryInfo = (delegate* unmanaged<byte*, int, int, int, nint*, nint>)table[68];
        CreateCpuMemoryInfo = (delegate* unmanaged<int, int, nint*, nint>)table[69];
        AllocatorFree = (delegate* unmanaged<nint, void*, nint>)table[76];
        GetAllocatorWithDefaultOptions = (delegate* unmanaged<nint*, nint>)table[78];
        ReleaseStatus = (delegate* unmanaged<nint, void>)table[93];
        ReleaseMemoryInfo = (delegate* unmanaged<nint, void>)table[94];
        ReleaseSession = (delegate* unmanaged<nint, void>)table[95];
        ReleaseValue = (delegate* unmanaged<nint, void>)table[96];
        ReleaseRunOptions = (delegate* unmanaged<nint, void>)table[97];
        ReleaseTypeInfo = (delegate* unmanaged<nint, void>)table[98];
        ReleaseSessionOptions = (delegate* unmanaged<nint, void>)table[100];
        AddSessionConfigEntry = (delegate* unmanaged<nint, byte*, byte*, nint>)table[130];
        RunWithBinding = (delegate* unmanaged<nint, nint, nint, nint>)table[133];
        CreateIoBinding = (delegate* unmanaged<nint, nint*, nint>)table[134];
        ReleaseIoBinding = (delegate* unmanaged<nint, void>)table[135];
        BindInput = (delegate* unmanaged<nint, byte*, nint, nint>)table[136];
        BindOutput = (delegate* unmanaged<nint, byte*, nint, nint>)table[137];
        CreateAndRegisterAllocator = (delegate* unmanaged<nint, nint, nint, nint>)table[144];
        CreateArenaCfg = (delegate* unmanaged<nuint, int, int, int, nint*, nint>)table[156];
        ReleaseArenaCfg = (delegate* unmanaged<nint, void>)table[157];

        nint environment, allocator;
        fixed (byte* logId = "EdgeCloud"u8)
            Check(CreateEnv(LogWarningsAndWorse, logId, &environment));
        Check(GetAllocatorWithDefaultOptions(&allocator));
        (Environment, Allocator) = (environment, allocator);
    }

    public static OrtApi Instance => Loaded.Value;

    /// <summary>Lives as long as the process: every session depends on it.</summary>
    public nint Environment { get; }

    public nint Allocator { get; }

    public nint NewCpuMemoryInfo()
    {
        nint memoryInfo;
        Check(CreateCpuMemoryInfo(DeviceAllocator, DefaultMemory, &memoryInfo));
        return memoryInfo;
    }

    /// <exception cref="OnnxRuntimeException">The call that returned <paramref name="status"/> failed.</exception>
    public void Check(nint status)
    {
        if (status != 0)
            Throw(status);
    }

    private void Throw(nint status)
    {
        var code = (ErrorCode)GetErrorCode(status);
        var message = Marshal.PtrToStringUTF8((nint)GetErrorMessage(status));
        ReleaseStatus(status);
        throw new OnnxRuntimeException(code, message ?? "");
    }

    private static nint* LoadTable()
    {
        var path = Path.Combine(AppContext.BaseDirectory, LibraryName);
        if (!File.Exists(path))
            throw new DllNotFoundException($"ONNX Runtime's native library is missing: {path}. Building the project puts it there.");

        // onnxruntime-node's library looks at it when it is loaded; otherwise it keeps a device id, a database of what it has to tell its makers, and a log in /tmp.
        if (OperatingSystem.IsLinux())
            setenv("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);

        var getApiBase = (delegate* unmanaged<nint*>)NativeLibrary.GetExport(NativeLibrary.Load(path), "OrtGetApiBase");
        var getApi = (delegate* unmanaged<uint, nint*>)getApiBase()[0];
        var table = getApi(ApiVersion);
        return table != null
            ? table
            : throw new DllNotFoundException($"{path} is too old: it does not offer version {ApiVersion} of ONNX Runtime's C interface.");
    }

    /// <summary>What native code sees of the environment, which .NET's own method does not change on Unix.</summary>
    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);

    /// <summary>Zero-terminated UTF-8, as the C interface takes names, paths and settings.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
