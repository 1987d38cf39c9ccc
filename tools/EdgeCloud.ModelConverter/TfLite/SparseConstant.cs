using EdgeCloud.ModelConverter.Errors;
using EdgeCloud.ModelConverter.FlatBuffers;

namespace EdgeCloud.ModelConverter.TfLite;

/// <summary>
/// Finds where the stored values of a sparse constant belong: SparsityParameters of schema.fbs with every
/// dimension dense except the last, which is compressed as rows of column indices (CSR). No other way of pruning
/// occurs in MediaPipe's models.
/// </summary>
internal static class SparseConstant
{
    /// <summary>For every stored value, in their order, its index in the dense tensor.</summary>
    /// <param name="tensor">A tensor with <see cref="TfLiteTensor.Sparsity"/>.</param>
    /// <param name="elements">The number of elements of the dense tensor.</param>
    /// <param name="stored">The number of values stored.</param>
    public static int[] Positions(TfLiteTensor tensor, int elements, int stored)
    {
        var sparsity = tensor.Sparsity!.Value;
        var rank = tensor.Shape.Length;
        var dimensions = sparsity.Tables(2, 2 * TfLiteReader.MostDimensions);
        var known = sparsity.Int32s(0, 2 * TfLiteReader.MostDimensions).SequenceEqual(Enumerable.Range(0, rank))
            && sparsity.Int32s(1, TfLiteReader.MostDimensions).Length == 0
            && dimensions.Length == rank && rank > 0
            && dimensions[..^1].All(dimension => !IsCompressed(dimension)) && IsCompressed(dimensions[^1]);
        if (!known)
        {
            throw new ModelConversionException(
                $"stores constant '{tensor.Name}' in a sparse layout other than rows compressed along the last "
                + "dimension, which is not supported.");
        }
        if (dimensions[..^1].Where((dimension, index) => dimension.Int32(1) != tensor.Shape[index]).Any())
            throw Damaged(tensor);

        var columns = tensor.Shape[^1];
        var rows = elements / columns;
        var segments = Indices(dimensions[^1], 2, rows + 1);
        var indices = Indices(dimensions[^1], 4, stored);
        if (segments.Length != rows + 1 || indices.Length != stored || segments[0] != 0 || segments[^1] != stored)
            throw Damaged(tensor);

        var positions = new int[stored];
        for (var row = 0; row < rows; row++)
        {
            if (segments[row] > segments[row + 1] || segments[row + 1] > stored)
                throw Damaged(tensor);
            for (var value = segments[row]; value < segments[row + 1]; value++)
            {
                if (indices[value] < 0 || indices[value] >= columns)
                    throw Damaged(tensor);
                positions[value] = row * columns + indices[value];
            }
        }
        return positions;
    }

    private static bool IsCompressed(FlatTable dimension) => dimension.Byte(0) == 1;

    private static int[] Indices(FlatTable dimension, int union, int most) =>
        (dimension.Byte(union), dimension.Table(union + 1)) switch
        {
            (1, { } vector) => vector.Int32s(0, most),
            (2, { } vector) => vector.UInt16s(0, most),
            (3, { } vector) => Array.ConvertAll(vector.Bytes(0, most).ToArray(), index => (int)index),
            _ => [],
        };

    private static ModelConversionException Damaged(TfLiteTensor tensor) => new(
        $"is damaged: the sparse constant '{tensor.Name}' contradicts itself.");
}
