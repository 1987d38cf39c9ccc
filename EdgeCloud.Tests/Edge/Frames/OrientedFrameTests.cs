using System.Text.Json;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class OrientedFrameTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Theory]
    [InlineData(1, null, false)]
    [InlineData(2, null, true)]
    [InlineData(3, RotateFlags.Rotate180, false)]
    [InlineData(4, RotateFlags.Rotate180, true)]
    [InlineData(5, RotateFlags.Rotate90Clockwise, true)]
    [InlineData(6, RotateFlags.Rotate90Counterclockwise, false)]
    [InlineData(7, RotateFlags.Rotate90Counterclockwise, true)]
    [InlineData(8, RotateFlags.Rotate90Clockwise, false)]
    public async Task A_photo_taken_with_the_camera_turned_is_looked_at_upright(
        int orientation, RotateFlags? turned, bool mirrored)
    {
        var found = await (await edge.Client.PostJpegAsync(
            Exif.Into(Stored(turned, mirrored), Exif.Orientation(orientation, littleEndian: true)))).EventAsync();

        // Three quarters of the photo: 512 wide, 384 high, however the camera stored it.
        Assert.Equal((512, 384), (found.GetProperty("frame").GetProperty("width").GetInt32(),
            found.GetProperty("frame").GetProperty("height").GetInt32()));
        var face = Assert.Single(found.GetProperty("faces").EnumerateArray());
        Assert.InRange(Center(face, "xmin", "width"), 0.40, 0.48);
        Assert.InRange(Center(face, "ymin", "height"), 0.29, 0.37);
    }

    private static byte[] Stored(RotateFlags? turn, bool mirror)
    {
        using var original = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        using var upper = Mat.FromPixelData(384, 512, MatType.CV_8UC3, original.Data);
        using var turned = new Mat();
        using var mirrored = new Mat();
        if (turn is { } flags)
            Cv2.Rotate(upper, turned, flags);
        var stored = turn is null ? upper : turned;
        if (!mirror)
            return Photo.Jpeg(stored);
        Cv2.Flip(stored, mirrored, FlipMode.Y);
        return Photo.Jpeg(mirrored);
    }

    private static double Center(JsonElement face, string start, string length) =>
        face.GetProperty(start).GetDouble() + (face.GetProperty(length).GetDouble() / 2);
}
