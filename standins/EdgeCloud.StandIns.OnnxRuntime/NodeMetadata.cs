using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>What a session's input or output takes or gives.</summary>
public sealed unsafe class NodeMetadata
{
    private readonly int elementCode;
    private readonly int[]? dimensions;

    /// <summary>Reads an OrtTypeInfo, without taking it over.</summary>
    internal NodeMetadata(nint typeInfo)
    {
        var api = OrtApi.Instance;
        nint tensorInfo;
        api.Check(api.CastTypeInfoToTensorInfo(typeInfo, &tensorInfo));
        if (tensorInfo == 0)
            return;

        int code;
        api.Check(api.GetTensorElementType(tensorInfo, &code));
        elementCode = code;

        nuint count;
        api.Check(api.GetDimensionsCount(tensorInfo, &count));
        var sizes = new long[count];
        fixed (long* first = sizes)
            api.Check(api.GetDimensions(tensorInfo, first, count));
        dimensions = Array.ConvertAll(sizes, size => checked((int)size));
    }

    /// <summary>The tensor's shape; -1 where the model leaves a dimension open.</summary>
    /// <exception cref="OnnxRuntimeException">It is not a tensor.</exception>
    public int[] Dimensions => dimensions ?? throw NotATensor();

    /// <summary>The .NET type of the tensor's elements.</summary>
    /// <exception cref="OnnxRuntimeException">It is not a tensor, or .NET has no primitive of this type.</exception>
    public Type ElementType => dimensions is null ? throw NotATensor() : TensorElement.TypeOf(elementCode);

    private static OnnxRuntimeException NotATensor() => new(ErrorCode.Fail, "This input or output is not a tensor.");
}
