using EdgeCloud.ModelConverter;
using Table = EdgeCloud.Tests.Models.FlatBufferWriter.Table;

namespace EdgeCloud.Tests.Models;

/// <summary>Sliding windows of every kind, against the reference.</summary>
public sealed class ConvolutionConversionTests
{
    private const byte Same = 0, Valid = 1;
    private const byte None = 0, Relu = 1, Relu6 = 3;

    [Theory]
    [InlineData(7, 9, 3, 2, 1, Same)]
    [InlineData(8, 6, 3, 2, 1, Same)]
    [InlineData(7, 8, 5, 2, 1, Same)]
    [InlineData(8, 7, 2, 2, 1, Same)]
    [InlineData(9, 10, 3, 3, 1, Same)]
    [InlineData(9, 8, 3, 1, 2, Same)]
    [InlineData(9, 8, 3, 2, 1, Valid)]
    [InlineData(9, 8, 3, 1, 3, Valid)]
    public void A_convolution_agrees_for_every_size_stride_dilation_and_padding(
        int height, int width, int filter, int stride, int dilation, byte padding)
    {
        var model = new TfLiteBuilder();
        var (outHeight, outWidth) =
            (Places(height, filter, stride, dilation, padding), Places(width, filter, stride, dilation, padding));
        var x = model.Input("x", 1, height, width, 3);
        var wide = model.Operator(TfLiteOp.Conv2D, [x, model.Weights(5, filter, filter, 3), model.Weights(5)], "wide",
            [1, outHeight, outWidth, 5], Conv(padding, stride, None, dilation));
        var deep = model.Operator(TfLiteOp.DepthwiseConv2D,
            [x, model.Weights(1, filter, filter, 6), model.Weights(6)], "deep",
            [1, outHeight, outWidth, 6], Depthwise(padding, stride, None, dilation));
        Agreement.Require(model.Output(wide, deep).Build());
    }

    [Theory]
    [InlineData(None)]
    [InlineData(Relu)]
    [InlineData(Relu6)]
    public void A_fused_activation_is_applied(byte activation)
    {
        var model = new TfLiteBuilder();
        var x = model.Input("x", 1, 6, 6, 8);
        var large = model.Floats([.. Enumerable.Range(0, 8).Select(channel => channel * 2f - 4)], 8);
        var conv = model.Operator(
            TfLiteOp.Conv2D, [x, model.Weights(8, 3, 3, 8), large], "conv", [1, 6, 6, 8], Conv(Same, 1, activation));
        var depthwise = model.Operator(TfLiteOp.DepthwiseConv2D, [x, model.Weights(1, 3, 3, 8), large], "depthwise",
            [1, 6, 6, 8], Depthwise(Same, 1, activation));
        var sum = model.Operator(TfLiteOp.Add, [x, large], "sum", [1, 6, 6, 8], new Table { [0] = activation });
        var pool = model.Operator(TfLiteOp.MaxPool2D, [sum], "pool", [1, 3, 3, 8], Pool(Same, 2, 2, activation));
        var both = model.Operator(
            TfLiteOp.Concatenation, [conv, sum], "both", [1, 6, 6, 16], new Table { [0] = 3, [1] = activation });
        Agreement.Require(model.Output(conv, depthwise, sum, pool, both).Build());
    }

    [Fact]
    public void A_convolution_may_come_without_bias_in_groups_and_with_one_input_channel()
    {
        var model = new TfLiteBuilder();
        var (x, grey) = (model.Input("x", 2, 5, 4, 6), model.Input("grey", 1, 5, 4, 1));
        var plain =
            model.Operator(TfLiteOp.Conv2D, [x, model.Weights(4, 3, 3, 6)], "plain", [2, 5, 4, 4], Conv(Same, 1, None));
        var absent = model.Operator(
            TfLiteOp.Conv2D, [x, model.Weights(4, 1, 1, 6), -1], "absent", [2, 5, 4, 4], Conv(Valid, 1, None));
        var grouped = model.Operator(
            TfLiteOp.Conv2D, [x, model.Weights(9, 3, 3, 2)], "grouped", [2, 5, 4, 9], Conv(Same, 1, None));
        var fanned = model.Operator(
            TfLiteOp.DepthwiseConv2D, [grey, model.Weights(1, 3, 3, 8)], "fanned", [1, 5, 4, 8],
            Depthwise(Same, 1, None));
        Agreement.Require(model.Output(plain, absent, grouped, fanned).Build());
    }

    [Theory]
    [InlineData(2, 2, Same)]
    [InlineData(3, 2, Same)]
    [InlineData(3, 2, Valid)]
    [InlineData(3, 1, Same)]
    public void A_maximum_pool_ignores_what_lies_outside(int filter, int stride, byte padding)
    {
        var model = new TfLiteBuilder();
        var x = model.Input("x", 1, 7, 6, 3);
        var negative = model.Operator(TfLiteOp.Add, [x, model.Floats([-5], 1)], "negative", [1, 7, 6, 3], new Table());
        var pool = model.Operator(TfLiteOp.MaxPool2D, [negative], "pool",
            [1, Places(7, filter, stride, 1, padding), Places(6, filter, stride, 1, padding), 3],
            Pool(padding, filter, stride, None));
        Agreement.Require(model.Output(pool).Build());
    }

    [Fact]
    public void Padding_before_convolutions_becomes_theirs()
    {
        var model = new TfLiteBuilder();
        var x = model.Input("x", 1, 6, 5, 3);
        var padded =
            model.Operator(TfLiteOp.Pad, [x, PadAmounts(model, 0, 0, 0, 1, 2, 1, 0, 0)], "padded", [1, 7, 8, 3]);
        var valid = model.Operator(
            TfLiteOp.Conv2D, [padded, model.Weights(4, 3, 3, 3)], "valid", [1, 3, 3, 4], Conv(Valid, 2, None));
        var same = model.Operator(
            TfLiteOp.DepthwiseConv2D, [padded, model.Weights(1, 3, 3, 3)], "same", [1, 4, 4, 3],
            Depthwise(Same, 2, None));
        var file = model.Output(valid, same).Build();
        Agreement.Require(file);
        Assert.Equal(["Conv", "Conv"], OnnxModel.NodeTypes(TfLiteToOnnx.Convert(file)));
    }

    [Fact]
    public void Padding_that_others_read_as_well_or_that_widens_channels_stays()
    {
        var model = new TfLiteBuilder();
        var x = model.Input("x", 1, 6, 5, 3);
        var padded =
            model.Operator(TfLiteOp.Pad, [x, PadAmounts(model, 0, 0, 1, 2, 3, 0, 0, 0)], "padded", [1, 9, 8, 3]);
        var conv = model.Operator(
            TfLiteOp.Conv2D, [padded, model.Weights(4, 3, 3, 3)], "conv", [1, 7, 6, 4], Conv(Valid, 1, None));
        var pool = model.Operator(TfLiteOp.MaxPool2D, [padded], "pool", [1, 4, 4, 3], Pool(Valid, 2, 2, None));
        var twice =
            model.Operator(TfLiteOp.Pad, [padded, PadAmounts(model, 0, 0, 1, 0, 0, 0, 0, 0)], "twice", [1, 10, 8, 3]);
        var wider = model.Operator(TfLiteOp.Pad, [x, PadAmounts(model, 0, 0, 0, 1, 1, 0, 2, 3)], "wider", [1, 7, 6, 8]);
        var mixed = model.Operator(
            TfLiteOp.Conv2D, [wider, model.Weights(2, 1, 1, 8)], "mixed", [1, 7, 6, 2], Conv(Valid, 1, None));
        Agreement.Require(model.Output(conv, pool, twice, wider, mixed).Build());
    }

    [Fact]
    public void Padding_of_another_rank_keeps_its_axes()
    {
        var model = new TfLiteBuilder();
        var x = model.Input("x", 2, 3, 4);
        var paddings = model.Tensor(
            "amounts", TfLiteBuilder.Int32, [3, 2], [.. new[] { 0, 1, 2, 0, 0, 3 }.SelectMany(BitConverter.GetBytes)]);
        Agreement.Require(model.Output(model.Operator(TfLiteOp.Pad, [x, paddings], "padded", [3, 5, 7])).Build());
    }

    internal static Table Conv(byte padding, int stride, byte activation, int dilation = 1) =>
        new() { [0] = padding, [1] = stride, [2] = stride, [3] = activation, [4] = dilation, [5] = dilation };

    private static Table Depthwise(byte padding, int stride, byte activation, int dilation = 1) =>
        new() { [0] = padding, [1] = stride, [2] = stride, [3] = 1, [4] = activation, [5] = dilation, [6] = dilation };

    private static Table Pool(byte padding, int filter, int stride, byte activation) =>
        new() { [0] = padding, [1] = stride, [2] = stride, [3] = filter, [4] = filter, [5] = activation };

    private static int PadAmounts(TfLiteBuilder model, params int[] amounts) =>
        model.Tensor(
            $"amounts_{amounts.GetHashCode()}", TfLiteBuilder.Int32, [4, 2],
            [.. amounts.SelectMany(BitConverter.GetBytes)]);

    private static int Places(int size, int filter, int stride, int dilation, byte padding) =>
        padding == Same ? (size + stride - 1) / stride : (size - ((filter - 1) * dilation + 1)) / stride + 1;
}
