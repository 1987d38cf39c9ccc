using EdgeCloud.ModelConverter;
using Xunit.Abstractions;

namespace EdgeCloud.Tests.Models;

/// <summary>As <see cref="FaceModelConversionTests"/>.</summary>
public sealed class PoseModelConversionTests(ITestOutputHelper output)
{
    /// <summary>
    /// As a fraction of an output's range. Sums of floats in another order stay ten times below; a landmark's
    /// hundredth of a pixel is 4e-5.
    /// </summary>
    private const double Tolerance = 1e-4;

    private const string Segmentation = "Identity_2";

    [Theory]
    [InlineData("pose_detection")]
    [InlineData("pose_landmark_lite")]
    [InlineData("pose_landmark_full")]
    [InlineData("pose_landmark_heavy")]
    public void A_converted_model_computes_what_the_TFLite_model_computes(string model)
    {
        var graph = new TfLiteGraph(File.ReadAllBytes(TfLitePath(model)), WithoutOutput(model));
        using var onnx = new OnnxModel(OnnxPath(model));
        foreach (var (name, difference) in Agreement.Differences(new ReferenceInterpreter(graph), graph, onnx, seed: 1))
        {
            output.WriteLine($"{model}, {name}: largest difference {difference:E2} of the output's range");
            Assert.True(difference <= Tolerance, $"{name} differs by {difference:E2} of its range");
        }
    }

    [Theory]
    [InlineData("pose_detection")]
    [InlineData("pose_landmark_lite")]
    [InlineData("pose_landmark_full")]
    [InlineData("pose_landmark_heavy")]
    public void The_same_file_always_converts_to_the_same_bytes(string model) => Assert.Equal(
        File.ReadAllBytes(OnnxPath(model)),
        TfLiteToOnnx.Convert(File.ReadAllBytes(TfLitePath(model)), WithoutOutput(model) is { } left ? [left] : []));

    private static string? WithoutOutput(string model) => model == "pose_detection" ? null : Segmentation;

    /// <summary>The packed assets hold one file, pose_detection.tflite, byte for byte.</summary>
    private static string TfLitePath(string model) => Repository.NodeModule(
        "@mediapipe", "pose", model == "pose_detection" ? "pose_solution_packed_assets.data" : $"{model}.tflite");

    private static string OnnxPath(string model) => Path.Combine(Repository.Root, "models", $"{model}.onnx");
}
