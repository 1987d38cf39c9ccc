namespace Microsoft.ML.OnnxRuntime.Native;

/// <summary>The element types of tensors (ONNXTensorElementDataType in onnxruntime_c_api.h) that .NET has a primitive for.</summary>
internal static class TensorElement
{
    private static readonly Dictionary<Type, int> Codes = new()
    {
        [typeof(float)] = 1,
        [typeof(byte)] = 2,
        [typeof(sbyte)] = 3,
        [typeof(ushort)] = 4,
        [typeof(short)] = 5,
        [typeof(int)] = 6,
        [typeof(long)] = 7,
        [typeof(string)] = 8,
        [typeof(bool)] = 9,
        [typeof(double)] = 11,
        [typeof(uint)] = 12,
        [typeof(ulong)] = 13,
    };

    private static readonly Dictionary<int, Type> Types = Codes.ToDictionary(entry => entry.Value, entry => entry.Key);

    public static int CodeOf(Type type) => Codes.TryGetValue(type, out var code)
        ? code
        : throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Tensors of {type} are not supported.");

    public static Type TypeOf(int code) => Types.TryGetValue(code, out var type)
        ? type
        : throw new OnnxRuntimeException(ErrorCode.NotImplemented, $"Tensors of ONNX element type {code} are not supported.");
}
