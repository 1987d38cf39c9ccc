using EdgeCloud.ModelConverter;
using Table = EdgeCloud.Tests.Models.FlatBufferWriter.Table;

namespace EdgeCloud.Tests.Models;

/// <summary>
/// Operators that move values, where NHWC and NCHW differ, and element-wise ones; against the reference.
/// </summary>
public sealed class ShapeConversionTests
{
    private readonly TfLiteBuilder _model = new();

    [Fact]
    public void Depth_becomes_space_block_row_by_block_row()
    {
        var x = _model.Input("x", 1, 2, 3, 12);
        var two = _model.Operator(TfLiteOp.DepthToSpace, [x], "two", [1, 4, 6, 3], new Table { [0] = 2 });
        Agreement.Require(_model.Output(two).Build());
    }

    [Fact]
    public void A_reshape_keeps_the_memory_order_of_NHWC()
    {
        var x = _model.Input("x", 1, 4, 3, 6);
        var rows = _model.Operator(TfLiteOp.Reshape, [x, _model.Ints(1, 24, 3)], "rows", [1, 24, 3]);
        var image = _model.Operator(TfLiteOp.Reshape, [x, _model.Ints(1, 2, 6, 6)], "image", [1, 2, 6, 6]);
        var back = _model.Operator(TfLiteOp.Reshape, [rows], "back", [1, 6, 2, 6], new Table());
        var flat = _model.Operator(TfLiteOp.Reshape, [back], "flat", [72]);
        Agreement.Require(_model.Output(rows, image, back, flat).Build());
    }

    [Fact]
    public void A_reshape_of_one_channel_or_one_pixel_needs_no_transpose()
    {
        var (grey, pixel) = (_model.Input("grey", 1, 4, 3, 1), _model.Input("pixel", 1, 1, 1, 12));
        var a = _model.Operator(TfLiteOp.Reshape, [grey], "a", [1, 12]);
        var b = _model.Operator(TfLiteOp.Reshape, [pixel], "b", [1, 3, 4, 1]);
        var c = _model.Operator(TfLiteOp.Reshape, [grey], "c", [1, 1, 1, 12]);
        var file = _model.Output(a, b, c).Build();
        Agreement.Require(file);
        Assert.DoesNotContain("Transpose", OnnxModel.NodeTypes(TfLiteToOnnx.Convert(file)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(-1)]
    public void Images_are_concatenated_along_every_axis(int axis)
    {
        int[] first = [1, 3, 4, 5], second = [1, 3, 4, 5], both = [1, 3, 4, 5];
        var index = (axis + 4) % 4;
        second[index] = 2;
        both[index] += 2;
        var (a, b) = (_model.Input("a", first), _model.Input("b", second));
        Agreement.Require(_model
            .Output(_model.Operator(TfLiteOp.Concatenation, [a, b], "both", both, new Table { [0] = axis })).Build());
    }

    [Fact]
    public void Lists_are_concatenated_and_a_constant_may_take_part()
    {
        var a = _model.Input("a", 1, 3, 4);
        var lists = _model.Operator(
            TfLiteOp.Concatenation, [a, _model.Weights(1, 2, 4), a], "lists", [1, 8, 4], new Table { [0] = 1 });
        var b = _model.Input("b", 1, 2, 3, 4);
        var images = _model.Operator(
            TfLiteOp.Concatenation, [b, _model.Weights(1, 2, 3, 2)], "images", [1, 2, 3, 6], new Table { [0] = 3 });
        Agreement.Require(_model.Output(lists, images).Build());
    }

    [Fact]
    public void A_sum_broadcasts_from_the_last_axis()
    {
        var (x, column) = (_model.Input("x", 1, 4, 5, 3), _model.Input("column", 1, 4, 1, 1));
        int[] shape = [1, 4, 5, 3];
        var channel = _model.Operator(TfLiteOp.Add, [x, _model.Weights(3)], "channel", shape, new Table());
        var rows = _model.Operator(TfLiteOp.Add, [_model.Weights(5, 3), channel], "rows", shape, new Table());
        var all = _model.Operator(TfLiteOp.Add, [rows, _model.Weights(1, 4, 5, 3)], "all", shape, new Table());
        var columns = _model.Operator(TfLiteOp.Add, [all, column], "columns", shape, new Table());
        var list = _model.Input("list", 2, 3);
        var lists = _model.Operator(TfLiteOp.Add, [list, _model.Weights(3)], "lists", [2, 3], new Table());
        Agreement.Require(_model.Output(columns, lists).Build());
    }

    [Theory]
    [InlineData(4, 6, 8, 12, false, true)]
    [InlineData(4, 6, 8, 12, false, false)]
    [InlineData(4, 6, 8, 12, true, false)]
    [InlineData(5, 3, 7, 11, false, true)]
    [InlineData(5, 3, 7, 11, false, false)]
    [InlineData(5, 3, 7, 11, true, false)]
    [InlineData(9, 8, 5, 3, false, true)]
    [InlineData(5, 4, 7, 8, false, true)]
    [InlineData(4, 5, 8, 7, false, true)]
    [InlineData(41, 41, 83, 29, false, true)]
    public void A_bilinear_resize_agrees_for_every_placement_of_pixels(
        int height, int width, int newHeight, int newWidth, bool alignCorners, bool halfPixelCenters)
    {
        var x = _model.Input("x", 1, height, width, 2);
        var resized = _model.Operator(TfLiteOp.ResizeBilinear with { Version = 3 },
            [x, _model.Ints(newHeight, newWidth)], "resized",
            [1, newHeight, newWidth, 2], new Table { [2] = alignCorners, [3] = halfPixelCenters });
        Agreement.Require(_model.Output(resized).Build());
    }

    [Fact]
    public void Activations_stand_alone_as_well()
    {
        var x = _model.Input("x", 1, 3, 4, 5);
        var wide =
            _model.Operator(TfLiteOp.Add, [x, _model.Floats([-9, -1, 3, 6, 9], 5)], "wide", [1, 3, 4, 5], new Table());
        var relu = _model.Operator(TfLiteOp.Relu, [wide], "relu", [1, 3, 4, 5]);
        var relu6 = _model.Operator(TfLiteOp.Relu6, [wide], "relu6", [1, 3, 4, 5]);
        var logistic = _model.Operator(TfLiteOp.Logistic, [x], "logistic", [1, 3, 4, 5]);
        Agreement.Require(_model.Output(relu, relu6, logistic).Build());
    }
}
