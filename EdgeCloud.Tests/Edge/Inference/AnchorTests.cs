using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class AnchorTests
{
    [Fact]
    public void The_short_range_model_has_896_two_on_each_fine_cell_and_six_on_each_coarse_one()
    {
        var centers = DetectorModel.FaceShortRange.Anchors.Centers(DetectorModel.FaceShortRange.InputSize);

        Assert.Equal(896, centers.Length);
        Assert.Equal(new Vector2(0.5f / 16), centers[0]);
        Assert.Equal(centers[0], centers[1]);
        Assert.Equal(new Vector2(1.5f / 16, 0.5f / 16), centers[2]);
        Assert.Equal(16 * 16 * 2, Array.IndexOf(centers, new Vector2(0.5f / 8)));
        Assert.Equal(6, centers.Count(center => center == new Vector2(0.5f / 8)));
        Assert.Equal(new Vector2(7.5f / 8), centers[^1]);
    }

    [Fact]
    public void The_full_range_model_has_2304_one_on_each_cell()
    {
        var centers = DetectorModel.FaceFullRange.Anchors.Centers(DetectorModel.FaceFullRange.InputSize);

        Assert.Equal(2304, centers.Length);
        Assert.Equal(2304, centers.Distinct().Count());
        Assert.Equal(new Vector2(0.5f / 48, 1.5f / 48), centers[48]);
    }

    [Fact]
    public void The_pose_detector_has_2254_two_on_each_finer_cell_and_six_on_each_coarse_one()
    {
        var centers = DetectorModel.Pose.Anchors.Centers(DetectorModel.Pose.InputSize);

        Assert.Equal(2254, centers.Length);
        Assert.Equal(2, centers.Count(center => center == new Vector2(0.5f / 28)));
        Assert.Equal(2, centers.Count(center => center == new Vector2(0.5f / 14)));
        Assert.Equal(6, centers.Count(center => center == new Vector2(0.5f / 7)));
    }

    [Fact]
    public void A_stride_that_does_not_divide_the_input_rounds_the_cells_up() =>
        Assert.Equal(4 * 4, new AnchorLayout([32], AnchorsPerLayer: 1).Centers(100).Length);
}
