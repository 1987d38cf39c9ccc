using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.TfLite;
using static EdgeCloud.ModelConverter.TfLite.TfLiteOperatorCode;

namespace EdgeCloud.ModelConverter.Lowering;

/// <summary>
/// What is supported of an operator: up to which version (TFLite raises it when an operator learns something new; the
/// limits are those of the operators' registration in tensorflow/lite/core/kernels/register.cc), with how many inputs,
/// which options it reads, and how it is lowered.
/// </summary>
internal sealed record OperatorRule(
    int NewestVersion, int FewestInputs, int MostInputs, TfLiteOptionsType Options,
    Action<GraphLowering, TfLiteOperator> Lower)
{
    private static readonly Dictionary<TfLiteOperatorCode, OperatorRule> Rules = new()
    {
        [ADD] = new(5, 2, 2, TfLiteOptionsType.Add, static (graph, op) => graph.Add(op)),
        [CONCATENATION] = new(
            4, 1, int.MaxValue, TfLiteOptionsType.Concatenation, static (graph, op) => graph.Concatenation(op)),
        [CONV_2D] = new(8, 2, 3, TfLiteOptionsType.Conv2D, static (graph, op) => graph.Convolution(op)),
        [DENSIFY] = new(1, 1, 1, TfLiteOptionsType.None, static (graph, op) => graph.FoldConstant(op)),
        [DEPTH_TO_SPACE] = new(2, 1, 1, TfLiteOptionsType.DepthToSpace, static (graph, op) => graph.DepthToSpace(op)),
        [DEPTHWISE_CONV_2D] = new(
            7, 2, 3, TfLiteOptionsType.DepthwiseConv2D, static (graph, op) => graph.DepthwiseConvolution(op)),
        [DEQUANTIZE] = new(6, 1, 1, TfLiteOptionsType.None, static (graph, op) => graph.FoldConstant(op)),
        [LOGISTIC] = new(3, 1, 1, TfLiteOptionsType.None, static (graph, op) => graph.Logistic(op)),
        [MAX_POOL_2D] = new(3, 1, 1, TfLiteOptionsType.Pool2D, static (graph, op) => graph.MaxPool(op)),
        [PAD] = new(5, 2, 2, TfLiteOptionsType.None, static (graph, op) => graph.Pad(op)),
        [RELU] = new(3, 1, 1, TfLiteOptionsType.None, static (graph, op) => graph.Rectify(op, TfLiteActivation.Relu)),
        [RELU6] = new(3, 1, 1, TfLiteOptionsType.None, static (graph, op) => graph.Rectify(op, TfLiteActivation.Relu6)),
        [RESHAPE] = new(1, 1, 2, TfLiteOptionsType.None, static (graph, op) => graph.Reshape(op)),
        [RESIZE_BILINEAR] = new(
            4, 2, 2, TfLiteOptionsType.ResizeBilinear, static (graph, op) => graph.ResizeBilinear(op)),
    };

    public static OperatorRule For(TfLiteOperator op)
    {
        if (!Rules.TryGetValue(op.Code, out var rule))
        {
            throw new ModelConversionException(
                $"uses operator {op.Name}, which is not supported; "
                + $"supported are {string.Join(", ", Rules.Keys.Order())}.");
        }
        if (op.Version < 1 || op.Version > rule.NewestVersion)
            throw new ModelConversionException(
                $"uses {op.Name} version {op.Version}; versions up to {rule.NewestVersion} are supported.");
        var given = op.Inputs.Length;
        if (given < rule.FewestInputs
            || given > rule.MostInputs || op.Inputs.Take(rule.FewestInputs).Contains(-1) || op.Outputs.Length != 1)
            throw new ModelConversionException(
                $"is damaged: {op.Name} has {given} inputs and {op.Outputs.Length} outputs.");
        if (rule.Options != TfLiteOptionsType.None && (op.OptionsType != rule.Options || op.Options is null))
            throw new ModelConversionException($"is damaged: {op.Name} comes without its options.");
        return rule;
    }
}
