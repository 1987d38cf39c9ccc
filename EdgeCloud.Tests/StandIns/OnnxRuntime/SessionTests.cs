using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Tests.StandIns.OnnxRuntime;

public sealed class SessionTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("edgecloud-ünïcode-").FullName;

    [Fact]
    public void A_session_tells_the_names_shapes_and_types_of_its_model_in_order()
    {
        using var session = new InferenceSession(TinyModel.SumAndProduct);

        Assert.Equal(["a", "b"], session.InputNames);
        Assert.Equal(["sum", "product"], session.OutputNames);
        Assert.Equal([1, 4], session.InputMetadata["b"].Dimensions);
        Assert.Equal(typeof(float), session.InputMetadata["b"].ElementType);
        Assert.Equal([1, 4], session.OutputMetadata["product"].Dimensions);
    }

    [Fact]
    public void An_open_dimension_is_minus_one()
    {
        using var session = new InferenceSession(TinyModel.Model(
            [TinyModel.Node("Neg", ["x"], "y")],
            inputs: [TinyModel.Tensor("x", TinyModel.Int64, "batch", 3L)],
            outputs: [TinyModel.Tensor("y", TinyModel.Int64, "batch", 3L)]));

        Assert.Equal([-1, 3], session.InputMetadata["x"].Dimensions);
        Assert.Equal(typeof(long), session.InputMetadata["x"].ElementType);
    }

    [Fact]
    public void An_input_that_is_no_tensor_has_no_shape()
    {
        using var session = new InferenceSession(TinyModel.Model(
            [TinyModel.Node("SequenceLength", ["xs"], "length")],
            inputs: [TinyModel.SequenceOfTensors("xs", TinyModel.Float)],
            outputs: [TinyModel.Tensor("length", TinyModel.Int64)]));

        Assert.Throws<OnnxRuntimeException>(() => session.InputMetadata["xs"].Dimensions);
        Assert.Throws<OnnxRuntimeException>(() => session.InputMetadata["xs"].ElementType);
        Assert.Empty(session.OutputMetadata["length"].Dimensions);
    }

    [Fact]
    public void A_model_loads_from_a_file_whose_path_is_not_ascii_and_with_options()
    {
        var path = Path.Combine(directory, "modèle.onnx");
        File.WriteAllBytes(path, TinyModel.SumAndProduct);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");

        using var fromFile = new InferenceSession(path, options);
        using var withDefaults = new InferenceSession(path);
        using var fromMemory = new InferenceSession(TinyModel.SumAndProduct, options);

        Assert.All([fromFile, withDefaults, fromMemory], session => Assert.Equal(["a", "b"], session.InputNames));
        Assert.Equal(1, options.IntraOpNumThreads);
        Assert.Equal(1, options.InterOpNumThreads);
        Assert.Equal(GraphOptimizationLevel.ORT_ENABLE_BASIC, options.GraphOptimizationLevel);
    }

    [Fact]
    public void Options_are_the_runtimes_defaults_until_set()
    {
        using var options = new SessionOptions();

        Assert.Equal(0, options.IntraOpNumThreads);
        Assert.Equal(0, options.InterOpNumThreads);
        Assert.Equal(GraphOptimizationLevel.ORT_ENABLE_ALL, options.GraphOptimizationLevel);
    }

    [Fact]
    public void Options_reach_the_runtime()
    {
        using var options = new SessionOptions();

        Assert.Contains("not valid", Assert.Throws<OnnxRuntimeException>(() => options.GraphOptimizationLevel = (GraphOptimizationLevel)42).Message);
        Assert.Contains("key", Assert.Throws<OnnxRuntimeException>(() => options.AddSessionConfigEntry("", "1")).Message);
    }

    [Fact]
    public void A_missing_file_is_refused_with_the_runtimes_message()
    {
        var path = Path.Combine(directory, "nowhere.onnx");

        var refusal = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(path));

        Assert.StartsWith("[ErrorCode:NoSuchFile]", refusal.Message);
        Assert.Contains(path, refusal.Message);
    }

    [Fact]
    public void A_file_that_is_not_a_model_is_refused_with_the_runtimes_message()
    {
        var path = Path.Combine(directory, "text.onnx");
        File.WriteAllText(path, "This is not a model.");

        var refusal = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(path));

        Assert.StartsWith("[ErrorCode:InvalidProtobuf]", refusal.Message);
        Assert.Contains("Protobuf parsing failed", refusal.Message);
    }

    [Fact]
    public void A_truncated_model_is_refused()
    {
        Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(TinyModel.SumAndProduct[..^20]));
    }

    [Fact]
    public void An_unknown_operator_is_refused_by_its_name()
    {
        var model = TinyModel.Model(
            [TinyModel.Node("Teleport", ["x"], "y")],
            inputs: [TinyModel.Tensor("x", TinyModel.Float, 1L)],
            outputs: [TinyModel.Tensor("y", TinyModel.Float, 1L)]);

        Assert.Contains("Teleport", Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(model)).Message);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
