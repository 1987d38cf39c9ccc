using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class FlipAndRotateTests
{
    private static readonly byte[,] TwoByThree = { { 1, 2, 3 }, { 4, 5, 6 } };

    [Theory]
    [InlineData(FlipMode.X, new byte[] { 4, 5, 6, 1, 2, 3 })]
    [InlineData(FlipMode.Y, new byte[] { 3, 2, 1, 6, 5, 4 })]
    [InlineData(FlipMode.XY, new byte[] { 6, 5, 4, 3, 2, 1 })]
    public void A_flip_mirrors_at_its_axis_also_in_place(FlipMode mode, byte[] expected)
    {
        using var mat = Pixels.Of(TwoByThree);
        using var result = new Mat();

        Cv2.Flip(mat, result, mode);
        Cv2.Flip(mat, mat, mode);

        Assert.Equal(expected, Pixels.Bytes(result));
        Assert.Equal(expected, Pixels.Bytes(mat));
    }

    [Theory]
    [InlineData(RotateFlags.Rotate90Clockwise, new byte[] { 4, 1, 5, 2, 6, 3 })]
    [InlineData(RotateFlags.Rotate180, new byte[] { 6, 5, 4, 3, 2, 1 })]
    [InlineData(RotateFlags.Rotate90Counterclockwise, new byte[] { 3, 6, 2, 5, 1, 4 })]
    public void A_rotation_turns_also_in_place(RotateFlags rotation, byte[] expected)
    {
        using var mat = Pixels.Of(TwoByThree);
        using var result = new Mat();
        var size = rotation == RotateFlags.Rotate180 ? new Size(3, 2) : new Size(2, 3);

        Cv2.Rotate(mat, result, rotation);
        Cv2.Rotate(mat, mat, rotation);

        Assert.Equal(size, result.Size());
        Assert.Equal(expected, Pixels.Bytes(result));
        Assert.Equal(size, mat.Size());
        Assert.Equal(expected, Pixels.Bytes(mat));
    }

    [Fact]
    public void A_square_is_rotated_in_place()
    {
        using var mat = Pixels.Of(new byte[,] { { 1, 2 }, { 3, 4 } });
        var memory = mat.Data;

        Cv2.Rotate(mat, mat, RotateFlags.Rotate90Clockwise);

        Assert.Equal(memory, mat.Data);
        Assert.Equal([3, 1, 4, 2], Pixels.Bytes(mat));
    }

    [Fact]
    public void Pixels_of_several_channels_stay_together()
    {
        using var mat = Pixels.OfColors(new byte[,] { { 1, 2, 3, 4, 5, 6 } });

        Cv2.Flip(mat, mat, FlipMode.Y);
        Assert.Equal([4, 5, 6, 1, 2, 3], Pixels.Bytes(mat));

        Cv2.Rotate(mat, mat, RotateFlags.Rotate90Clockwise);
        Assert.Equal(new Size(1, 2), mat.Size());
        Assert.Equal([4, 5, 6, 1, 2, 3], Pixels.Bytes(mat));
    }

    [Fact]
    public void The_number_of_threads_changes_no_pixel()
    {
        using var source = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);
        using var one = new Mat();
        using var several = new Mat();

        Cv2.SetNumThreads(1);
        Cv2.Resize(source, one, new Size(300, 200));
        Cv2.SetNumThreads(-1);
        Cv2.Resize(source, several, new Size(300, 200));

        Assert.Equal(Pixels.Bytes(one), Pixels.Bytes(several));
    }
}
