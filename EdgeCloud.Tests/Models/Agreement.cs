using EdgeCloud.ModelConverter;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// Compares a converted model, run by ONNX Runtime, with the reference evaluation of the TFLite file it came from.
/// </summary>
internal static class Agreement
{
    /// <summary>
    /// Largest tolerated difference, as a fraction of the range (largest minus smallest value) of the reference's
    /// output; a single value has no range and counts as it is.
    /// </summary>
    public const double Tolerance = 1e-3;

    /// <summary>Converts the file and demands that every output agrees on a random input.</summary>
    public static void Require(byte[] tflite)
    {
        var graph = new TfLiteGraph(tflite);
        using var onnx = OnnxModel.Load(TfLiteToOnnx.Convert(tflite));
        foreach (var (name, difference) in Differences(new ReferenceInterpreter(graph), graph, onnx, seed: 1))
            Assert.True(difference <= Tolerance, $"{name} differs by {difference:E2} of its range");
    }

    /// <summary>
    /// The largest absolute difference of each output, as a fraction of its range, for inputs drawn from [-1, 1].
    /// </summary>
    public static IReadOnlyList<(string Output, double Difference)> Differences(
        ReferenceInterpreter reference, TfLiteGraph graph, OnnxModel onnx, int seed)
    {
        var random = new Random(seed);
        var inputs = graph.Inputs
            .Select(input => Random(random, graph.Tensors[input].Shape.Aggregate(1, (a, b) => a * b))).ToArray();
        var expected = reference.Run(inputs);
        var actual = onnx.Run(inputs);

        Assert.Equal(graph.Outputs.Select(output => graph.Tensors[output].Name), onnx.OutputNames);
        return [.. onnx.OutputNames.Select((name, index) => (name, Difference(expected[index], actual[index])))];
    }

    private static double Difference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var range = expected.Length == 1 ? 1 : expected.Max() - expected.Min();
        Assert.True(range > 0, "the reference's output is the same everywhere, which would prove nothing");
        return expected.Zip(actual, (a, b) => float.IsFinite(b) ? Math.Abs(a - b) : double.PositiveInfinity)
            .Max() / range;
    }

    public static float[] Random(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
}
