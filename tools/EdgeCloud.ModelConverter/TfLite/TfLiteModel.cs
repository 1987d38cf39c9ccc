using EdgeCloud.ModelConverter.FlatBuffers;

namespace EdgeCloud.ModelConverter.TfLite;

/// <summary>
/// A TFLite model's only subgraph. Tensors are referred to by their index; operators stand in execution order.
/// </summary>
internal sealed record TfLiteModel(TfLiteTensor[] Tensors, int[] Inputs, int[] Outputs, TfLiteOperator[] Operators);

/// <summary>A tensor; <paramref name="Data"/> is empty for one that is computed. Shapes of rank 4 are NHWC.</summary>
internal sealed record TfLiteTensor(
    string Name, TfLiteType Type, int[] Shape, ReadOnlyMemory<byte> Data, FlatTable? Sparsity)
{
    public bool IsConstant => !Data.IsEmpty;
}

/// <summary>An operator; an optional input that is absent has index -1.</summary>
internal sealed record TfLiteOperator(
    TfLiteOperatorCode Code, string Name, int Version, int[] Inputs, int[] Outputs,
    TfLiteOptionsType OptionsType, FlatTable? Options);

/// <summary>TensorType of schema.fbs.</summary>
internal enum TfLiteType
{
    Float32, Float16, Int32, UInt8, Int64, String, Bool, Int16, Complex64, Int8,
    Float64, Complex128, UInt64, Resource, Variant, UInt32, UInt16, Int4, BFloat16,
}

/// <summary>Those members of the union BuiltinOptions of schema.fbs that are read here.</summary>
internal enum TfLiteOptionsType
{
    None = 0,
    Conv2D = 1,
    DepthwiseConv2D = 2,
    Pool2D = 5,
    Concatenation = 10,
    Add = 11,
    ResizeBilinear = 15,
    DepthToSpace = 94,
}

/// <summary>ActivationFunctionType of schema.fbs.</summary>
internal enum TfLiteActivation
{
    None, Relu, ReluN1To1, Relu6, Tanh, SignBit,
}

/// <summary>Padding of schema.fbs.</summary>
internal enum TfLitePadding
{
    Same, Valid,
}
