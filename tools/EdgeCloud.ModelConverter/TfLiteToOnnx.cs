using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.Lowering;
using EdgeCloud.ModelConverter.Onnx;
using EdgeCloud.ModelConverter.TfLite;

namespace EdgeCloud.ModelConverter;

/// <summary>Converts a TFLite model with fp32 activations to ONNX (opset 13, IR version 8).</summary>
public static class TfLiteToOnnx
{
    /// <summary>Reads a whole TFLite file and returns a whole ONNX file; equal input gives equal bytes.</summary>
    /// <param name="model">The TFLite file. Weights may be fp32 or fp16, dense or sparse; they
    /// become dense fp32.</param>
    /// <param name="withoutOutputs">
    /// Names of outputs to leave out, with everything that only they need: what is left gets faster, its
    /// values stay bit-identical.
    /// </param>
    /// <returns>
    /// The ONNX file. Inputs and outputs keep their names and order. Those of rank 4 change from NHWC to NCHW (an image
    /// is [1, 3, H, W]), those of any other rank keep shape and element order.
    /// </returns>
    /// <exception cref="ModelConversionException">The file is not TFLite, is damaged, or cannot
    /// be expressed.</exception>
    public static byte[] Convert(ReadOnlyMemory<byte> model, IEnumerable<string>? withoutOutputs = null)
    {
        var tflite = TfLiteReader.Read(model);
        var graph = new GraphLowering(tflite).Lower(withoutOutputs ?? []);
        return OnnxWriter.Write(graph);
    }
}
