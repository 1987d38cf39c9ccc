using EdgeCloud.ModelConverter;
using EdgeCloud.ModelConverter.Errors;
using Table = EdgeCloud.Tests.Models.FlatBufferWriter.Table;

namespace EdgeCloud.Tests.Models;

public sealed class WithoutOutputTests
{
    [Fact]
    public void An_output_left_out_takes_its_operators_along_and_changes_nothing_else()
    {
        var file = TwoHeads(TfLiteOp.Logistic);
        var (whole, pruned) = (TfLiteToOnnx.Convert(file), TfLiteToOnnx.Convert(file, ["mask"]));
        using var wholeModel = OnnxModel.Load(whole);
        using var prunedModel = OnnxModel.Load(pruned);
        var input = Agreement.Random(new Random(3), 4 * 4 * 2);

        Assert.Equal(["mask", "landmarks"], wholeModel.OutputNames);
        Assert.Equal(["landmarks"], prunedModel.OutputNames);
        Assert.Equal(["Add"], OnnxModel.NodeTypes(pruned));
        Assert.Equal(wholeModel.Run(input)[1], prunedModel.Run(input)[0]);
    }

    [Fact]
    public void An_operator_that_only_an_output_left_out_needs_may_be_unsupported()
    {
        var file = TwoHeads(TfLiteOp.Tanh);
        Assert.Throws<ModelConversionException>(() => TfLiteToOnnx.Convert(file));
        Assert.NotEmpty(TfLiteToOnnx.Convert(file, ["mask"]));
    }

    [Fact]
    public void An_unknown_output_is_refused_with_the_names_there_are()
    {
        var error = Assert.Throws<ModelConversionException>(() =>
            TfLiteToOnnx.Convert(TwoHeads(TfLiteOp.Logistic), ["segmentation"]));
        Assert.Contains("'segmentation'", error.Message);
        Assert.Contains("mask, landmarks", error.Message);
    }

    [Fact]
    public void At_least_one_output_must_stay() =>
        Assert.Throws<ModelConversionException>(() =>
            TfLiteToOnnx.Convert(TwoHeads(TfLiteOp.Logistic), ["mask", "landmarks"]));

    private static byte[] TwoHeads(TfLiteOp maskOperator)
    {
        var model = new TfLiteBuilder();
        var x = model.Input("x", 1, 4, 4, 2);
        var sum = model.Operator(TfLiteOp.Add, [x, model.Weights(2)], "landmarks", [1, 4, 4, 2], new Table());
        var mask = model.Operator(maskOperator, [sum], "mask", [1, 4, 4, 2]);
        return model.Output(mask, sum).Build();
    }
}
