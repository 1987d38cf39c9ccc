using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

/// <summary>Small matrices written out as arrays.</summary>
internal static class Pixels
{
    public static byte[] Astronaut { get; } = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Photos", "astronaut.jpg"));

    public static Mat Of(byte[,] values) => Of(values, MatType.CV_8UC1);

    public static Mat Of(float[,] values) => Of(values, MatType.CV_32FC1);

    public static Mat OfColors(byte[,] values) => Of(values, MatType.CV_8UC3);

    public static byte[] Bytes(Mat mat) => mat.AsSpan<byte>().ToArray();

    public static float[] Floats(Mat mat) => mat.AsSpan<float>().ToArray();

    public static double PeakSignalToNoiseRatio(Mat one, Mat other)
    {
        var a = one.AsSpan<byte>();
        var b = other.AsSpan<byte>();
        Assert.Equal(a.Length, b.Length);
        var squares = 0.0;
        for (var i = 0; i < a.Length; i++)
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        return 10 * Math.Log10(255 * 255 / (squares / a.Length));
    }

    private static Mat Of<T>(T[,] values, MatType type)
    {
        using var view = Mat.FromPixelData(values.GetLength(0), values.GetLength(1) / type.Channels, type, values);
        return view.Clone();
    }
}
