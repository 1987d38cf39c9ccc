using System.Numerics;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Inference;

/// <summary>
/// Pictures made from the photo in which it is known where the one face is, if there is one: what face models are
/// compared by.
/// </summary>
/// <param name="photo">The astronaut, JPEG.</param>
internal sealed class FacePictures(byte[] photo)
{
    /// <summary>In the photo, pixels.</summary>
    private static readonly Rect2d Face = new(177, 82, 96, 96);

    /// <summary>Hair, ears and neck included.</summary>
    private static readonly Rect Head = new(145, 5, 170, 210);

    /// <summary>Parts of the photo, as large as such parts can be, none of which holds any of the head.</summary>
    public IEnumerable<FacePicture> Nobody()
    {
        using var all = Cv2.ImDecode(photo, ImreadModes.Color);
        var (width, height) = (all.Width, all.Height);
        foreach (var side in (int[])[64, 96, 128, 160, 192, 256])
        {
            for (var y = 0; y + side <= height; y += side / 4)
            {
                for (var x = 0; x + side <= width; x += side / 4)
                {
                    var part = new Rect(x, y, side, side);
                    if ((part & Head) is { Width: > 0, Height: > 0 })
                        continue;
                    using var crop = new Mat(all, part);
                    yield return new FacePicture(crop.Clone(), null);
                }
            }
        }
    }

    /// <summary>
    /// The whole photo at different places of grey pictures of a webcam's and a phone's sizes, the face from
    /// 3 to 40 % of the longer side, brightly and dimly lit.
    /// </summary>
    public IEnumerable<FacePicture> People() =>
        from size in (Size[])[new(1280, 720), new(640, 480), new(720, 1280)]
        from part in (double[])[0.03, 0.05, 0.07, 0.09, 0.12, 0.16, 0.2, 0.3, 0.4]
        from place in (double[])[0.35, 0.5, 0.65]
        from light in (double[])[1, 0.4]
        select Drawn(size, part * Math.Max(size.Width, size.Height), place * size.Width, size.Height * 0.4, light);

    /// <summary>The face from half to all of the width, in the middle and beside it, brightly and dimly lit.</summary>
    public IEnumerable<FacePicture> Filled() =>
        from size in (Size[])[new(640, 480), new(480, 640)]
        from part in (double[])[0.5, 0.6, 0.7, 0.8, 0.9, 1]
        from place in (double[])[0.4, 0.5, 0.6]
        from light in (double[])[1, 0.4]
        select Drawn(size, part * size.Height, place * size.Width, size.Height * 0.5, light);

    private FacePicture Drawn(Size size, double faceWidth, double x, double y, double light)
    {
        using var all = Cv2.ImDecode(photo, ImreadModes.Color);
        var scale = faceWidth / Face.Width;
        var (left, top) = (
            x - ((Face.X + (Face.Width / 2)) * scale), y - ((Face.Y + (Face.Height / 2)) * scale));

        // Shrunk by the mean first: to sample a tenth of the pixels is no picture that a camera makes.
        using var scaled = new Mat();
        Cv2.Resize(
            all, scaled, new Size(), scale, scale, scale < 1 ? InterpolationFlags.Area : InterpolationFlags.Cubic);
        using var placement = Mat.FromPixelData(2, 3, MatType.CV_64FC1, new[] { 1, 0, left, 0, 1, top });
        using var drawn = new Mat();
        Cv2.WarpAffine(
            scaled, drawn, placement, size, InterpolationFlags.Linear, BorderTypes.Constant, Scalar.All(96));
        var picture = new Mat();
        drawn.ConvertTo(picture, drawn.Type(), light);
        var (width, height) = ((float)(Face.Width * scale / size.Width), (float)(Face.Height * scale / size.Height));
        var center = new Vector2((float)(x / size.Width), (float)(y / size.Height));
        return new FacePicture(picture, (center, new Vector2(width, height)));
    }
}

/// <param name="Pixels">BGR.</param>
/// <param name="Face">Its middle and its size, relative to the picture; null where nobody is.</param>
/// <param name="IsKnown">False where nobody knows whether or where faces are.</param>
internal sealed record FacePicture(Mat Pixels, (Vector2 Center, Vector2 Size)? Face, bool IsKnown = true) : IDisposable
{
    public void Dispose() => Pixels.Dispose();
}
