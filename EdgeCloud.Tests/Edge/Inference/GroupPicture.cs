using System.Numerics;
using EdgeCloud.Edge.Inference;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Inference;

/// <summary>A large picture of many small heads, the photo's, before a bright wall, and where the faces are.</summary>
internal sealed class GroupPicture : IDisposable
{
    /// <summary>In the photo, pixels.</summary>
    private static readonly Rect2d Face = new(177, 82, 96, 96);

    private static readonly Rect Head = new(145, 5, 170, 210);

    /// <param name="size">Of the picture, pixels.</param>
    /// <param name="columns">Heads in a row.</param>
    /// <param name="rows">Rows of heads.</param>
    /// <param name="faceWidths">Pixels, from the first head to the last.</param>
    public GroupPicture(Size size, int columns, int rows, (double From, double To) faceWidths)
    {
        Pixels = new Mat(size, MatType.CV_8UC3, new Scalar(190, 200, 205));
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        using var head = new Mat(photo, Head);
        var random = new Random(17);
        var (cellWidth, cellHeight) = ((double)size.Width / columns, (double)size.Height / rows);
        var faces = new Rect2d[columns * rows];
        for (var i = 0; i < faces.Length; i++)
        {
            var part = (double)i / (faces.Length - 1);
            var scale = (faceWidths.From + (part * (faceWidths.To - faceWidths.From))) / Face.Width;
            using var scaled = new Mat();
            Cv2.Resize(head, scaled, new Size(), scale, scale, InterpolationFlags.Area);
            var (x, y) = (
                (int)(((i % columns) * cellWidth) + (random.NextDouble() * (cellWidth - scaled.Width))),
                (int)(((i / columns) * cellHeight) + (random.NextDouble() * (cellHeight - scaled.Height))));
            using var place = new Mat(Pixels, new Rect(x, y, scaled.Width, scaled.Height));
            scaled.CopyTo(place);
            faces[i] = new Rect2d(
                x + ((Face.X - Head.X) * scale), y + ((Face.Y - Head.Y) * scale), Face.Width * scale,
                Face.Height * scale);
        }

        Faces = faces;
    }

    public Mat Pixels { get; }

    public IReadOnlyList<Rect2d> Faces { get; }

    public byte[] ToJpeg()
    {
        Cv2.ImEncode(".jpg", Pixels, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, 90));
        return jpeg;
    }

    /// <summary>Each face is found once, at its place, and nothing else is.</summary>
    /// <param name="found">Relative to the picture.</param>
    public void AssertEveryFaceOnce(IReadOnlyList<Detection> found)
    {
        var places = Faces.Select(face => new Detection
        {
            Min = new Vector2((float)face.Left, (float)face.Top) / Size,
            Max = new Vector2((float)face.Right, (float)face.Bottom) / Size,
        }).ToArray();
        Assert.All(places, place => Assert.Single(found, face => face.IntersectionOverUnion(place) > 0.4f));
        Assert.Equal(places.Length, found.Count);
    }

    public void Dispose() => Pixels.Dispose();

    private Vector2 Size => new(Pixels.Width, Pixels.Height);
}
