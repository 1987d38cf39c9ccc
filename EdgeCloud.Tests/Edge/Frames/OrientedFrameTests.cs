using System.Text.Json;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class OrientedFrameTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Theory]
    [InlineData(1, null)]
    [InlineData(3, RotateFlags.Rotate180)]
    [InlineData(6, RotateFlags.Rotate90Counterclockwise)]
    [InlineData(8, RotateFlags.Rotate90Clockwise)]
    public async Task A_photo_taken_with_the_camera_turned_is_looked_at_upright(int orientation, RotateFlags? stored)
    {
        var found = await (await edge.Client.PostJpegAsync(Exif.Into(Turned(stored), Exif.Orientation(orientation, littleEndian: true)))).EventAsync();

        // Three quarters of the photo: 512 wide, 384 high, however the camera stored it.
        Assert.Equal((512, 384), (found.GetProperty("frame").GetProperty("width").GetInt32(), found.GetProperty("frame").GetProperty("height").GetInt32()));
        var face = Assert.Single(found.GetProperty("faces").EnumerateArray());
        Assert.InRange(Center(face, "xmin", "width"), 0.40, 0.48);
        Assert.InRange(Center(face, "ymin", "height"), 0.29, 0.37);
    }

    private static byte[] Turned(RotateFlags? turn)
    {
        using var original = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        using var upper = Mat.FromPixelData(384, 512, MatType.CV_8UC3, original.Data);
        if (turn is not { } flags)
            return Photo.Jpeg(upper);
        using var turned = new Mat();
        Cv2.Rotate(upper, turned, flags);
        return Photo.Jpeg(turned);
    }

    private static double Center(JsonElement face, string start, string length) => face.GetProperty(start).GetDouble() + (face.GetProperty(length).GetDouble() / 2);
}
