using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class MatTests
{
    [Fact]
    public void A_matrix_tells_its_shape()
    {
        using var mat = new Mat(3, 5, MatType.CV_8UC3);

        Assert.Equal((3, 5, 3, 5), (mat.Rows, mat.Cols, mat.Height, mat.Width));
        Assert.Equal((MatType.CV_8UC3, MatType.CV_8U, 3, 3), (mat.Type(), mat.Depth(), mat.Channels(), mat.ElemSize()));
        Assert.Equal(new Size(5, 3), mat.Size());
        Assert.Equal((15, 15), (mat.Step(), mat.Total()));
        Assert.True(mat.IsContinuous());
        Assert.False(mat.Empty());
    }

    [Fact]
    public void A_matrix_without_pixels_is_empty()
    {
        using var mat = new Mat();
        using var clone = mat.Clone();

        Assert.True(mat.Empty());
        Assert.True(clone.Empty());
        Assert.Equal((0, 0, 0), (mat.Rows, mat.Cols, mat.Data));
        Assert.Equal(0, mat.AsSpan<byte>().Length);
    }

    [Fact]
    public void A_fill_value_is_rounded_half_to_even_and_cut_to_the_range()
    {
        using var bytes = new Mat(2, 2, MatType.CV_8UC4, new Scalar(2.5, 3.5, -7, 300));
        using var floats = new Mat(new Size(2, 1), MatType.CV_32FC1, new Scalar(-0.25));

        Assert.Equal([2, 4, 0, 255, 2, 4, 0, 255, 2, 4, 0, 255, 2, 4, 0, 255], Pixels.Bytes(bytes));
        Assert.Equal([-0.25f, -0.25f], Pixels.Floats(floats));
    }

    [Fact]
    public void A_matrix_over_an_array_shares_its_memory()
    {
        byte[] data = [1, 2, 3, 4, 5, 6];
        using var mat = Mat.FromPixelData(2, 3, MatType.CV_8UC1, data);

        mat.Set(1, 0, (byte)40);
        mat.At<byte>(0, 2) = 30;

        Assert.Equal([1, 2, 30, 40, 5, 6], data);
        Assert.Equal(40, mat.At<byte>(1, 0));
    }

    [Fact]
    public unsafe void A_matrix_over_padded_rows_steps_over_the_padding()
    {
        byte[] data = [1, 2, 99, 3, 4, 99];
        fixed (byte* pointer = data)
        {
            using var mat = Mat.FromPixelData(2, 2, MatType.CV_8UC1, (nint)pointer, step: 3);
            using var clone = mat.Clone();
            using var flipped = new Mat();
            Cv2.Flip(mat, flipped, FlipMode.Y);

            Assert.False(mat.IsContinuous());
            Assert.Equal((nint)pointer, mat.Data);
            Assert.Equal([3, 4], mat.RowSpan<byte>(1).ToArray());
            Assert.Equal([1, 2, 3, 4], Pixels.Bytes(clone));
            Assert.Equal([2, 1, 4, 3], Pixels.Bytes(flipped));
        }
    }

    [Fact]
    public void A_clone_is_independent()
    {
        using var mat = Pixels.Of(new byte[,] { { 1, 2 } });
        using var clone = mat.Clone();

        clone.Set(0, 0, (byte)9);

        Assert.Equal([1, 2], Pixels.Bytes(mat));
        Assert.Equal([9, 2], Pixels.Bytes(clone));
    }

    [Fact]
    public void A_disposed_matrix_cannot_be_used()
    {
        var mat = new Mat(2, 2, MatType.CV_8UC1);
        mat.Dispose();
        mat.Dispose();

        Assert.True(mat.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => mat.Data);
        Assert.Throws<ObjectDisposedException>(() => Cv2.Flip(mat, new Mat(), FlipMode.X));
    }

    [StandInFact(typeof(Mat))]
    public void What_lies_outside_the_matrix_cannot_be_reached()
    {
        using var mat = new Mat(2, 2, MatType.CV_8UC1);

        Assert.Throws<ArgumentOutOfRangeException>(() => mat.At<byte>(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => mat.At<byte>(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => mat.At<int>(1, 1));
        Assert.Throws<OpenCVException>(() => Mat.FromPixelData(2, 3, MatType.CV_8UC1, new byte[5]));
    }
}
