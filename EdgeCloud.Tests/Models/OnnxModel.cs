using EdgeCloud.Edge.Inference;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// An ONNX file in ONNX Runtime, spoken to in TFLite's memory order: values of rank 4 are NHWC here and NCHW there.
/// </summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;

    static OnnxModel() => OnnxTelemetry.SwitchOff();

    public OnnxModel(string path)
    {
        using var options = new SessionOptions();
        _session = new InferenceSession(path, options);
    }

    public static OnnxModel Load(byte[] onnx)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), onnx);
        return new OnnxModel(folder.File("model.onnx"));
    }

    public IReadOnlyList<string> InputNames => _session.InputNames;
    public IReadOnlyList<string> OutputNames => _session.OutputNames;

    public int[] InputShape(string name) => _session.InputMetadata[name].Dimensions;
    public int[] OutputShape(string name) => _session.OutputMetadata[name].Dimensions;

    public float[][] Run(params float[][] inputs)
    {
        using var options = new RunOptions();
        using var binding = _session.CreateIoBinding();
        var bound = new List<OrtValue>();
        foreach (var (name, input) in InputNames.Zip(inputs))
            binding.BindInput(name, Bound(InputShape(name), ToNchw(input, InputShape(name))));
        var outputs = OutputNames.Select(name => new float[OutputShape(name).Aggregate(1, (a, b) => a * b)]).ToArray();
        foreach (var (name, output) in OutputNames.Zip(outputs))
            binding.BindOutput(name, Bound(OutputShape(name), output));

        _session.RunWithBinding(options, binding);
        bound.ForEach(value => value.Dispose());
        return [.. OutputNames.Zip(outputs, (name, output) => ToNhwc(output, OutputShape(name)))];

        OrtValue Bound(int[] shape, float[] values)
        {
            bound.Add(OrtValue.CreateTensorValueFromMemory(values, Array.ConvertAll(shape, size => (long)size)));
            return bound[^1];
        }
    }

    public void Dispose() => _session.Dispose();

    /// <summary>
    /// The operator type of every node: ModelProto.graph is field 7, GraphProto.node 1, NodeProto.op_type 4.
    /// </summary>
    public static IReadOnlyList<string> NodeTypes(byte[] onnx) =>
        [.. Fields(onnx, 7).SelectMany(graph => Fields(graph, 1))
            .SelectMany(node => Fields(node, 4)).Select(System.Text.Encoding.UTF8.GetString)];

    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited))
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }
        return found;
    }

    private static float[] ToNchw(float[] nhwc, int[] nchw) => nchw is [_, var c, var h, var w]
        ? Reordered(nhwc, h * w, c)
        : nhwc;

    private static float[] ToNhwc(float[] values, int[] nchw) => nchw is [_, var c, var h, var w]
        ? Reordered(values, c, h * w)
        : values;

    /// <summary>Swaps the last two of three axes.</summary>
    private static float[] Reordered(float[] values, int rows, int columns)
    {
        var result = new float[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var (image, row, column) = (index / (rows * columns), index / columns % rows, index % columns);
            result[(image * columns + column) * rows + row] = values[index];
        }
        return result;
    }
}
