using EdgeCloud.ModelConverter;
using Xunit.Abstractions;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// The models as the build converts them, against the reference evaluation of the files that MediaPipe ships.
/// </summary>
public sealed class FaceModelConversionTests(ITestOutputHelper output)
{
    private static readonly int[] Seeds = [1, 2, 3];

    [Theory]
    [InlineData("face_detection_short_range")]
    [InlineData("face_detection_full_range_sparse")]
    public void A_converted_model_computes_what_the_TFLite_model_computes(string model)
    {
        var graph = new TfLiteGraph(File.ReadAllBytes(TfLitePath(model)));
        var reference = new ReferenceInterpreter(graph);
        using var onnx = new OnnxModel(OnnxPath(model));
        foreach (var seed in Seeds)
        {
            foreach (var (name, difference) in Agreement.Differences(reference, graph, onnx, seed))
            {
                output.WriteLine(
                    $"{model}, seed {seed}, {name}: largest difference {difference:E2} of the output's range");
                Assert.True(difference <= Agreement.Tolerance, $"{name} differs by {difference:E2} of its range");
            }
        }
    }

    [Theory]
    [InlineData("face_detection_short_range", 128, "input", "regressors", "classificators", 896)]
    [InlineData("face_detection_full_range_sparse", 192, "input_1", "Identity", "Identity_1", 2304)]
    public void Inputs_and_outputs_keep_their_names_and_an_image_is_NCHW(
        string model, int size, string input, string boxes, string scores, int anchors)
    {
        using var onnx = new OnnxModel(OnnxPath(model));
        Assert.Equal([input], onnx.InputNames);
        Assert.Equal([1, 3, size, size], onnx.InputShape(input));
        Assert.Equal([boxes, scores], onnx.OutputNames);
        Assert.Equal([1, anchors, 16], onnx.OutputShape(boxes));
        Assert.Equal([1, anchors, 1], onnx.OutputShape(scores));
    }

    [Theory]
    [InlineData("face_detection_short_range", 4, 11)]
    [InlineData("face_detection_full_range_sparse", 1, 0)]
    public void Only_the_heads_of_several_channels_are_transposed_and_only_padding_of_channels_is_left(
        string model, int transposes, int pads)
    {
        var nodes = OnnxModel.NodeTypes(File.ReadAllBytes(OnnxPath(model)));
        Assert.Equal(transposes, nodes.Count(type => type == "Transpose"));
        Assert.Equal(pads, nodes.Count(type => type == "Pad"));
    }

    [Theory]
    [InlineData("face_detection_short_range")]
    [InlineData("face_detection_full_range_sparse")]
    public void The_same_file_always_converts_to_the_same_bytes(string model) =>
        Assert.Equal(File.ReadAllBytes(OnnxPath(model)), TfLiteToOnnx.Convert(File.ReadAllBytes(TfLitePath(model))));

    internal static string TfLitePath(string model) =>
        Repository.NodeModule("@mediapipe", "face_detection", $"{model}.tflite");

    private static string OnnxPath(string model) => Path.Combine(Repository.Root, "models", $"{model}.onnx");
}
