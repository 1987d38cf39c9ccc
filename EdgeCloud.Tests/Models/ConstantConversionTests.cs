using Table = EdgeCloud.Tests.Models.FlatBufferWriter.Table;

namespace EdgeCloud.Tests.Models;

/// <summary>Weights that are stored smaller than they are used: fp16, sparse, both.</summary>
public sealed class ConstantConversionTests
{
    private readonly TfLiteBuilder _model = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sparse_weights_become_dense_whatever_the_width_of_their_indices(byte indexType)
    {
        float[] values = [1, -2, 3, 4, -5];
        var sparse = Sparse(TfLiteBuilder.Float32, [.. values.SelectMany(BitConverter.GetBytes)], indexType);
        var dense = _model.Operator(TfLiteOp.Densify, [sparse], "dense", [4, 1, 1, 3]);
        Agreement.Require(Convolution(dense));
    }

    [Fact]
    public void Half_precision_weights_widen()
    {
        var half = _model.Halves(Agreement.Random(new Random(5), 12), 4, 1, 1, 3);
        Agreement.Require(
            Convolution(_model.Operator(TfLiteOp.Dequantize with { Version = 3 }, [half], "single", [4, 1, 1, 3])));
    }

    [Fact]
    public void Sparse_half_precision_weights_become_dense_and_widen()
    {
        float[] values = [1, -2, 3, 4, -5];
        var sparse = Sparse(
            TfLiteBuilder.Float16, [.. values.SelectMany(value => BitConverter.GetBytes((Half)value))], indexType: 3);
        var dense = _model.Operator(TfLiteOp.Densify, [sparse], "dense", [4, 1, 1, 3], type: TfLiteBuilder.Float16);
        Agreement.Require(
            Convolution(_model.Operator(TfLiteOp.Dequantize with { Version = 3 }, [dense], "single", [4, 1, 1, 3])));
    }

    /// <summary>Four filters of three weights: 1 · -2, nothing, 3 4 ·, · · -5.</summary>
    private int Sparse(int type, byte[] data, byte indexType)
    {
        int[] segments = [0, 2, 2, 4, 5], indices = [0, 2, 0, 1, 2];
        return _model.Tensor("sparse", type, [4, 1, 1, 3], data, new Table
        {
            [0] = new[] { 0, 1, 2, 3 },
            [2] = new Table[]
            {
                new() { [1] = 4 }, new() { [1] = 1 }, new() { [1] = 1 },
                new()
                {
                    [0] = (byte)1,
                    [2] = indexType,
                    [3] = Vector(segments),
                    [4] = indexType,
                    [5] = Vector(indices),
                },
            },
        });

        Table Vector(int[] values) => new()
        {
            [0] = indexType switch
            {
                1 => values,
                2 => Array.ConvertAll(values, value => (ushort)value),
                _ => Array.ConvertAll(values, value => (byte)value),
            },
        };
    }

    private byte[] Convolution(int weights)
    {
        var x = _model.Input("x", 1, 3, 3, 3);
        return _model.Output(_model.Operator(
            TfLiteOp.Conv2D, [x, weights], "y", [1, 3, 3, 4], ConvolutionConversionTests.Conv(1, 1, 0))).Build();
    }
}
