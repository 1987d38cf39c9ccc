using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// The fixed-size anchors of MediaPipe's SSD detectors (mediapipe/calculators/tflite/ssd_anchors_calculator.cc with
/// fixed_anchor_size: width = height = 1, so that only the centre remains). Layers of equal stride are merged: their
/// anchors stand together, cell by cell.
/// </summary>
internal sealed record AnchorLayout(IReadOnlyList<int> Strides, int AnchorsPerLayer)
{
    /// <returns>The anchor centres relative to the model's input, 0..1, row by row, in the order of the
    /// model's outputs.</returns>
    public Vector2[] Centers(int inputSize)
    {
        var centers = new List<Vector2>();
        foreach (var layers in MergedByStride())
        {
            var cells = (inputSize + layers.Stride - 1) / layers.Stride;
            for (var y = 0; y < cells; y++)
            {
                for (var x = 0; x < cells; x++)
                    centers.AddRange(Enumerable.Repeat(
                        new Vector2((x + 0.5f) / cells, (y + 0.5f) / cells), layers.Count * AnchorsPerLayer));
            }
        }

        return [.. centers];
    }

    private IEnumerable<(int Stride, int Count)> MergedByStride()
    {
        for (var i = 0; i < Strides.Count;)
        {
            var run = Strides.Skip(i).TakeWhile(stride => stride == Strides[i]).Count();
            yield return (Strides[i], run);
            i += run;
        }
    }
}
