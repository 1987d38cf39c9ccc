using EdgeCloud.ModelConverter;
using EdgeCloud.ModelConverter.Errors;
using Table = EdgeCloud.Tests.Models.FlatBufferWriter.Table;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// What cannot be converted is refused with <see cref="ModelConversionException"/> and never with anything else.
/// </summary>
public sealed class RefusedModelTests
{
    private readonly TfLiteBuilder _model = new();

    [Fact]
    public void An_unsupported_operator_is_named()
    {
        var x = _model.Input("x", 1, 2);
        Assert.Contains("TANH", Refusal(_model.Output(_model.Operator(TfLiteOp.Tanh, [x], "y", [1, 2])).Build()));
    }

    [Fact]
    public void An_operator_of_the_models_own_is_named()
    {
        var x = _model.Input("x", 1, 2);
        var custom = new TfLiteOp(Code: 32, CustomName: "Convolution2DTransposeBias");
        Assert.Contains(
            "'Convolution2DTransposeBias'", Refusal(_model.Output(_model.Operator(custom, [x], "y", [1, 2])).Build()));
    }

    [Fact]
    public void An_operator_newer_than_known_is_refused_with_its_version()
    {
        var x = _model.Input("x", 1, 2);
        var newer = TfLiteOp.Logistic with { Version = 99 };
        Assert.Contains(
            "LOGISTIC version 99", Refusal(_model.Output(_model.Operator(newer, [x], "y", [1, 2])).Build()));
    }

    [Fact]
    public void An_unsupported_fused_activation_is_named()
    {
        var x = _model.Input("x", 1, 2);
        Assert.Contains("Tanh", Refusal(
            _model.Output(_model.Operator(TfLiteOp.Add, [x, x], "y", [1, 2], new Table { [0] = (byte)4 })).Build()));
    }

    [Fact]
    public void A_quantized_model_is_refused_with_the_tensors_name()
    {
        var x = _model.Input("x", 1, 2);
        var y = _model.Operator(TfLiteOp.Logistic, [x], "eight_bits", [1, 2], type: TfLiteBuilder.Int8);
        Assert.Contains("'eight_bits' in Int8", Refusal(_model.Output(y).Build()));
    }

    [Fact]
    public void A_quantized_input_is_refused_with_its_name()
    {
        var x = _model.Input(TfLiteBuilder.Int8, "x", [1, 2]);
        Assert.Contains(
            "'x' in Int8", Refusal(_model.Output(_model.Operator(TfLiteOp.Logistic, [x], "y", [1, 2])).Build()));
    }

    [Fact]
    public void An_operator_whose_declared_shape_cannot_be_is_refused()
    {
        var x = _model.Input("x", 1, 5, 5, 2);
        var y = _model.Operator(
            TfLiteOp.Conv2D, [x, _model.Weights(3, 3, 3, 2)], "y", [1, 5, 5, 3],
            ConvolutionConversionTests.Conv(1, 1, 0));
        Assert.Contains("[1, 3, 3, 3]", Refusal(_model.Output(y).Build()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_shape_that_is_open_or_absurd_is_refused(int size)
    {
        var x = _model.Input("x", 1, size, 2);
        Assert.Contains(
            "'x'", Refusal(_model.Output(_model.Operator(TfLiteOp.Logistic, [x], "y", [1, size, 2])).Build()));
    }

    [Fact]
    public void Weights_that_are_computed_are_refused()
    {
        var (x, w) = (_model.Input("x", 1, 5, 5, 2), _model.Input("w", 3, 3, 3, 2));
        var y = _model.Operator(TfLiteOp.Conv2D, [x, w], "y", [1, 3, 3, 3], ConvolutionConversionTests.Conv(1, 1, 0));
        Assert.Contains("'w'", Refusal(_model.Output(y).Build()));
    }

    [Fact]
    public void A_tensor_read_before_it_is_written_is_refused()
    {
        var later = _model.Tensor("later", TfLiteBuilder.Float32, [1, 2]);
        _model.Input("x", 1, 2);
        Assert.Contains(
            "'later'", Refusal(_model.Output(_model.Operator(TfLiteOp.Logistic, [later], "y", [1, 2])).Build()));
    }

    [Fact]
    public void A_sparse_constant_that_claims_a_gigantic_size_is_refused_before_memory_is_asked_for()
    {
        const int Size = 20_000;
        int[] segments = [0, .. Enumerable.Repeat(1, Size)];
        var sparse = _model.Tensor(
            "vast", TfLiteBuilder.Float32, [Size, Size], new byte[4], Sparsity(Size, segments, indices: [0]));
        var dense = _model.Operator(TfLiteOp.Densify, [sparse], "dense", [Size, Size]);
        var y = _model.Operator(TfLiteOp.Add, [_model.Input("x", Size, Size), dense], "y", [Size, Size], new Table());
        Assert.Contains("more than 33554432 weights", Refusal(_model.Output(y).Build()));
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 3 })]
    [InlineData(new[] { 0, 1, 2 }, new[] { -1, 2 })]
    [InlineData(new[] { 0, 3, 2 }, new[] { 0, 2 })]
    [InlineData(new[] { 1, 1, 2 }, new[] { 0, 2 })]
    [InlineData(new[] { 0, 1, 1 }, new[] { 0, 2 })]
    [InlineData(new[] { 0, 2 }, new[] { 0, 2 })]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0 })]
    public void A_sparse_constant_that_contradicts_itself_is_refused(int[] segments, int[] indices)
    {
        var sparse =
            _model.Tensor("sparse", TfLiteBuilder.Float32, [2, 3], new byte[8], Sparsity(2, segments, indices));
        var dense = _model.Operator(TfLiteOp.Densify, [sparse], "dense", [2, 3]);
        var y = _model.Operator(TfLiteOp.Add, [_model.Input("x", 2, 3), dense], "y", [2, 3], new Table());
        Assert.Contains("'sparse' contradicts itself", Refusal(_model.Output(y).Build()));
    }

    [Fact]
    public void Another_schema_version_is_refused()
    {
        _model.SchemaVersion = 4;
        var x = _model.Input("x", 1, 2);
        Assert.Contains(
            "version 4", Refusal(_model.Output(_model.Operator(TfLiteOp.Logistic, [x], "y", [1, 2])).Build()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("TFL3")]
    [InlineData("<!DOCTYPE html><title>404</title>")]
    [InlineData("version https://git-lfs.github.com/spec/v1")]
    public void A_file_that_is_not_TFLite_is_refused_as_such(string content) =>
        Assert.Contains("not a TFLite file", Refusal(System.Text.Encoding.ASCII.GetBytes(content)));

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        var whole = File.ReadAllBytes(FaceModelConversionTests.TfLitePath("face_detection_short_range"));
        var spread = Enumerable.Range(1, 400).Select(part => (int)((long)part * whole.Length / 401));
        int[] lengths = [.. Enumerable.Range(0, 64), .. spread, whole.Length - 1];
        Parallel.ForEach(lengths, length => Refusal(whole.AsSpan(0, length).ToArray()));
    }

    [Fact]
    public void A_file_with_damaged_bytes_converts_or_is_refused_and_does_nothing_else()
    {
        var x = _model.Input("x", 1, 6, 6, 3);
        var padded = _model.Operator(
            TfLiteOp.Pad, [x, _model.Tensor("amounts", TfLiteBuilder.Int32, [4, 2], new byte[32])],
            "padded", [1, 6, 6, 3]);
        var half =
            _model.Operator(TfLiteOp.Dequantize, [_model.Halves(new float[48], 4, 2, 2, 3)], "half", [4, 2, 2, 3]);
        var conv = _model.Operator(TfLiteOp.Conv2D, [padded, half, _model.Weights(4)], "conv",
            [1, 3, 3, 4], ConvolutionConversionTests.Conv(0, 2, 1));
        var rows = _model.Operator(TfLiteOp.Reshape, [conv, _model.Ints(1, 9, 4)], "rows", [1, 9, 4]);
        var both = _model.Operator(TfLiteOp.Concatenation, [rows, rows], "both", [1, 18, 4], new Table { [0] = 1 });
        var whole = _model.Output(both).Build();
        Assert.NotEmpty(TfLiteToOnnx.Convert(whole));

        Parallel.For(0, 20_000, seed =>
        {
            var random = new Random(seed);
            var damaged = (byte[])whole.Clone();
            for (var hit = 0; hit <= random.Next(4); hit++)
                damaged[random.Next(8, damaged.Length)] = (byte)(
                    random.Next(3) switch { 0 => 0, 1 => 255, _ => random.Next(256) });
            try
            {
                TfLiteToOnnx.Convert(damaged);
            }
            catch (ModelConversionException)
            {
            }
        });
    }

    /// <summary>The sparsity of a matrix whose rows are compressed.</summary>
    private static Table Sparsity(int rows, int[] segments, int[] indices) => new()
    {
        [0] = new[] { 0, 1 },
        [2] = new Table[]
        {
            new() { [1] = rows },
            new()
            {
                [0] = (byte)1,
                [2] = (byte)1,
                [3] = new Table { [0] = segments },
                [4] = (byte)1,
                [5] = new Table { [0] = indices },
            },
        },
    };

    private static string Refusal(byte[] file) =>
        Assert.Throws<ModelConversionException>(() => TfLiteToOnnx.Convert(file)).Message;
}
