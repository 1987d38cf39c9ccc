using System.Buffers;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Cli.Analysis;

/// <summary>A picture of a video.</summary>
/// <param name="time">When it is shown, from the beginning.</param>
/// <param name="width">Pixels, upright.</param>
/// <param name="height">Likewise.</param>
internal sealed class VideoFrame(TimeSpan time, int width, int height) : IDisposable
{
    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(checked(width * height * Picture.PixelBytes));

    public TimeSpan Time => time;

    /// <summary>Rows of B, G, R bytes, without a gap.</summary>
    public Memory<byte> Bytes => _bytes.AsMemory(0, width * height * Picture.PixelBytes);

    public Picture Picture => new(Bytes.Span, width, height, width * Picture.PixelBytes);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
