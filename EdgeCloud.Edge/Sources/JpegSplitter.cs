using System.Buffers;
using EdgeCloud.Edge.Frames;

namespace EdgeCloud.Edge.Sources;

/// <summary>
/// Splits ffmpeg's output into JPEGs, from start to end of image. ffmpeg writes neither thumbnails nor tables with a
/// byte FF in them, and stuffs it in the picture data, so an end of image is one wherever it stands.
/// </summary>
/// <param name="maxBytes">Of one JPEG.</param>
internal sealed class JpegSplitter(int maxBytes)
{
    private readonly byte[] _chunk = new byte[64 * 1024];
    private byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _length;

    /// <summary>How far the picture that has begun was searched for its end.</summary>
    private int _searched;

    /// <summary>Where the next bytes of the stream go, for <see cref="Added"/>.</summary>
    public Memory<byte> Chunk => _chunk;

    private static ReadOnlySpan<byte> StartOfImage => [0xFF, 0xD8];

    private static ReadOnlySpan<byte> EndOfImage => [0xFF, 0xD9];

    /// <summary>Takes so many bytes over from <see cref="Chunk"/>.</summary>
    public void Added(int count)
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _length).CopyTo(_bytes);
            _start = 0;
        }

        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        _chunk.AsSpan(0, count).CopyTo(_bytes.AsSpan(_length));
        _length += count;
    }

    /// <param name="jpeg">The next whole JPEG, valid until more is added.</param>
    /// <returns>False when there is none yet.</returns>
    /// <exception cref="InvalidDataException">It is larger than it may be.</exception>
    public bool TryTake(out ReadOnlySequence<byte> jpeg)
    {
        jpeg = default;
        if (_searched == 0)
        {
            var begin = _bytes.AsSpan(_start, _length).IndexOf(StartOfImage);
            Skip(begin < 0 ? Math.Max(0, _length - 1) : begin);
            if (begin < 0)
                return false;
        }

        var from = Math.Max(0, _searched - 1);
        var end = _bytes.AsSpan(_start + from, _length - from).IndexOf(EndOfImage);
        var size = end < 0 ? _length : from + end + EndOfImage.Length;
        if (size > maxBytes)
            throw new InvalidDataException($"A picture has more than {FrameOptions.Section}:MaxBodyBytes.");
        _searched = end < 0 ? _length : 0;
        if (end < 0)
            return false;
        jpeg = new ReadOnlySequence<byte>(_bytes, _start, size);
        Skip(size);
        return true;
    }

    private void Skip(int count)
    {
        _start += count;
        _length -= count;
    }
}
