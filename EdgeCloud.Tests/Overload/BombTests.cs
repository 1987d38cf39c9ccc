using System.Buffers.Binary;
using System.Net;

namespace EdgeCloud.Tests.Overload;

/// <summary>
/// Small files that ask for much memory or time. One edge meets them all, several times and several at once.
/// </summary>
public sealed class BombTests
{
    private const long AboveIdleBytes = 100_000_000;

    [Fact]
    public async Task Bombs_are_refused_and_the_edge_never_holds_100_MB_more_than_idle()
    {
        using var folder = new TemporaryFolder();
        await using var edge =
            await EdgeProcess.StartAsync("127.0.0.1:1", folder.File("outbox.db"), "--Edge:Inference:Pose=Lite");
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await edge.Client.PostJpegAsync(Photo.Astronaut)).StatusCode);
        var idleBytes = edge.ResidentBytes;

        foreach (var (name, jpeg, expected) in Bombs())
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => edge.Client.PostJpegAsync(jpeg)));
            Assert.All(answers, answer =>
                Assert.True(expected.Contains((int)answer.StatusCode), $"{name}: {(int)answer.StatusCode}"));
            Assert.True(
                edge.PeakBytes < idleBytes + AboveIdleBytes,
                $"{name}: {edge.PeakBytes} bytes were resident, {idleBytes} are when idle.");
        }

        Assert.Equal(HttpStatusCode.OK, (await edge.Client.PostJpegAsync(Photo.Astronaut)).StatusCode);
    }

    /// <summary>Every one may also be refused with 429, since eight come at once.</summary>
    private static IEnumerable<(string Name, byte[] Jpeg, int[] Expected)> Bombs()
    {
        int[] refused = [400, 429];
        int[] tooLarge = [413, 429];
        int[] either = [200, 400, 429];
        var photo = Photo.Astronaut;
        var scanAt = photo.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        byte[] scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0x12, 0x34];

        yield return ("65,500 × 65,500 pixels", Sized(65_500, 65_500), tooLarge);
        yield return ("65,535 × 65,535 pixels", Sized(65_535, 65_535), tooLarge);
        yield return ("as many pixels as are accepted, of almost no data", Sized(4096, 4096), either);
        yield return ("as many, all coefficients kept", Progressive(Sized(4096, 4096)), tooLarge);
        yield return (
            "as many, to be turned", Exif.Into(Sized(4096, 4096), Exif.Orientation(6, littleEndian: true)), tooLarge);
        yield return ("a thousand scans", [.. Progressive(Sized(2000, 2000))[..scanAt],
            .. Enumerable.Repeat(scan, 1000).SelectMany(bytes => bytes), 0xFF, 0xD9], refused);
        yield return ("as many scans as are accepted", [.. Progressive(Sized(2500, 3000))[..scanAt],
            .. Enumerable.Repeat(scan, 32).SelectMany(bytes => bytes), 0xFF, 0xD9], either);
        yield return ("7 MB of EXIF", WithSegments(photo, 0xE1, count: 110), either);
        yield return ("7 MB of colour profile", WithSegments(photo, 0xE2, count: 110), either);
        yield return ("7 MB of comments", WithSegments(photo, 0xFE, count: 110), either);
        yield return ("7 MB of quantization tables", WithSegments(photo, 0xDB, count: 110), either);
        foreach (var marker in new byte[] { 0xE1, 0xEF })
            yield return ($"an empty segment {marker:X2}, 2 million times",
                [.. photo[..2], .. Repeat([0xFF, marker, 0, 2], 2_000_000), .. photo[2..]], tooLarge);
        yield return ("7 million fill bytes", [.. photo[..2], .. Repeat([0xFF], 7_000_000), .. photo[2..]], either);
        yield return (
            "3 million restart markers", [.. photo[..^2], .. Repeat([0xFF, 0xD0], 3_000_000), 0xFF, 0xD9], either);
        yield return (
            "a new height after the first scan", [.. photo[..^2], 0xFF, 0xDC, 0, 4, 0xFF, 0xFF, 0xFF, 0xD9], refused);
        yield return ("sampling factors of 15", Patched(photo, FrameAt + 11, 0xFF), refused);
        yield return ("sampling factors of 0", Patched(photo, FrameAt + 11, 0x00), refused);
        yield return ("sampling factors of 4 for one colour and 1 for the others",
            Patched(Sized(4096, 4096), FrameAt + 11, 0x44), either);
    }

    private static int FrameAt { get; } = Photo.Astronaut.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);

    private static byte[] Sized(ushort width, ushort height)
    {
        byte[] jpeg = [.. Photo.Astronaut];
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(FrameAt + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(FrameAt + 7), width);
        return jpeg;
    }

    private static byte[] Progressive(byte[] jpeg) => Patched(jpeg, FrameAt + 1, 0xC2);

    private static byte[] Patched(byte[] jpeg, int position, byte value)
    {
        byte[] patched = [.. jpeg];
        patched[position] = value;
        return patched;
    }

    /// <summary>Segments of 65,533 bytes after the first marker.</summary>
    private static byte[] WithSegments(byte[] jpeg, byte marker, int count) =>
        [.. jpeg[..2], .. Repeat([0xFF, marker, 0xFF, 0xFF, .. new byte[0xFFFD]], count), .. jpeg[2..]];

    private static byte[] Repeat(byte[] bytes, int count)
    {
        var repeated = new byte[bytes.Length * count];
        for (var i = 0; i < count; i++)
            bytes.CopyTo(repeated, i * bytes.Length);
        return repeated;
    }
}
