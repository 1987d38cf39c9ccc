using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class ResizeTests
{
    [Fact]
    public void Linear_enlarging_samples_between_pixel_centres_and_repeats_the_edge()
    {
        using var source = Pixels.Of(new float[,] { { 0, 100 } });
        using var result = new Mat();

        Cv2.Resize(source, result, new Size(4, 1));

        Assert.Equal([0, 25, 75, 100], Pixels.Floats(result));
    }

    [Fact]
    public void Linear_shrinking_mixes_only_the_two_nearest_pixels()
    {
        using var source = Pixels.Of(new float[,] { { 10, 20, 30, 40, 50, 60, 70, 80 } });
        using var result = new Mat();

        Cv2.Resize(source, result, new Size(2, 1));

        Assert.Equal([25, 65], Pixels.Floats(result));
    }

    [Fact]
    public void Area_shrinking_takes_the_mean()
    {
        using var source = Pixels.Of(new float[,] { { 0, 10, 20, 30 }, { 40, 50, 60, 110 } });
        using var result = new Mat();

        Cv2.Resize(source, result, new Size(2, 1), interpolation: InterpolationFlags.Area);

        Assert.Equal([25, 55], Pixels.Floats(result));
    }

    [Fact]
    public void Nearest_enlarging_repeats_pixels()
    {
        using var source = Pixels.OfColors(new byte[,] { { 1, 2, 3, 4, 5, 6 } });
        using var result = new Mat();

        Cv2.Resize(source, result, new Size(4, 1), interpolation: InterpolationFlags.Nearest);

        Assert.Equal([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], Pixels.Bytes(result));
    }

    [Fact]
    public void Factors_stand_in_for_a_size()
    {
        using var source = Pixels.Of(new float[,] { { 0, 100 } });
        using var result = new Mat();

        Cv2.Resize(source, result, default, fx: 2, fy: 1);

        Assert.Equal([0, 25, 75, 100], Pixels.Floats(result));
    }

    [Fact]
    public void A_destination_of_the_right_shape_keeps_its_memory_and_another_gets_new()
    {
        using var source = new Mat(4, 4, MatType.CV_8UC3, new Scalar(1, 2, 3));
        using var result = new Mat(2, 2, MatType.CV_8UC3);
        var memory = result.Data;

        Cv2.Resize(source, result, new Size(2, 2));
        Assert.Equal(memory, result.Data);
        Assert.Equal([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], Pixels.Bytes(result));

        Cv2.Resize(source, result, new Size(1, 2));
        Assert.Equal(new Size(1, 2), result.Size());
        Assert.Equal([1, 2, 3, 1, 2, 3], Pixels.Bytes(result));
    }

    [Fact]
    public void A_matrix_can_be_resized_into_itself()
    {
        using var mat = Pixels.Of(new float[,] { { 0, 100 } });

        Cv2.Resize(mat, mat, new Size(4, 1));

        Assert.Equal([0, 25, 75, 100], Pixels.Floats(mat));
    }

    [Fact]
    public void What_cannot_be_resized_is_refused()
    {
        using var source = new Mat(2, 2, MatType.CV_8UC1);
        using var result = new Mat();

        Assert.Throws<OpenCVException>(() => Cv2.Resize(new Mat(), result, new Size(1, 1)));
        Assert.Throws<OpenCVException>(() => Cv2.Resize(source, result, new Size(0, 0)));
        Assert.Throws<OpenCVException>(() => Cv2.Resize(source, result, new Size(-1, 1)));
        Assert.Throws<OpenCVException>(() => Cv2.Resize(source, result, new Size(1, 1), interpolation: (InterpolationFlags)6000));
        Assert.Throws<ArgumentNullException>(() => Cv2.Resize(null!, result, new Size(1, 1)));
    }
}
