namespace EdgeCloud.Tests.Parity;

/// <summary>
/// The photo and pictures made from it, each as a JPEG and the pixels it decodes to, which are what the
/// edge and MediaPipe look at.
/// </summary>
internal sealed class ParityPicture
{
    private static readonly Lazy<IReadOnlyDictionary<string, ParityPicture>> Made = new(Make);

    private ParityPicture(string name, byte[] jpeg)
    {
        Name = name;
        Jpeg = jpeg;
        Pixels = Canvas.Decode(jpeg);
    }

    public static IReadOnlyDictionary<string, ParityPicture> All => Made.Value;

    public string Name { get; }

    public byte[] Jpeg { get; }

    public Canvas Pixels { get; }

    private static Dictionary<string, ParityPicture> Make()
    {
        // The photo has 512 × 512 pixels, its face stands at 179..272 × 81..174.
        const double facePixels = 93;
        var photo = Canvas.Decode(Photo.Astronaut);
        var head = photo.Crop(100, 20, 250, 250);
        var random = new Random(3);

        Dictionary<string, Canvas> drawn = new()
        {
            ["two-faces"] = new Canvas(500, 250).Draw(head, 125, 125).Draw(head, 375, 125),
            ["two-people"] = new Canvas(800, 400).Draw(photo, 200, 200, 400 / 512.0).Draw(photo, 600, 200, 400 / 512.0),
            ["four-faces"] = new Canvas(500, 500).Draw(head, 125, 125)
                .Draw(head, 375, 125, 0.95, 5).Draw(head, 125, 375, 0.9, -5).Draw(head, 375, 375, 0.85),
            ["four-people"] = new Canvas(640, 640).Draw(photo, 160, 160, 0.625)
                .Draw(photo, 480, 160, 0.6, 5).Draw(photo, 160, 480, 0.55, -5).Draw(photo, 480, 480, 0.5),
            ["four-people-in-a-row"] = new Canvas(1280, 320).Draw(photo, 160, 160, 0.625)
                .Draw(photo, 480, 160, 0.625).Draw(photo, 800, 160, 0.625).Draw(photo, 1120, 160, 0.625),
            ["mirrored"] = photo.Mirrored(),
            ["dark"] = photo.Map(value => value * 0.15),
            ["over-exposed"] = photo.Map(value => (value * 1.6) + 50),
            ["noisy"] = photo.Map(value =>
                value + ((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 60)),
            ["blurred"] = photo.Blurred(6),
            ["grayscale"] = photo.Grayscale(),
            ["cropped-at-the-left"] = photo.Crop(205, 0, 307, 512),
            ["cropped-at-the-right"] = photo.Crop(0, 0, 245, 512),
            ["cropped-at-the-top"] = photo.Crop(0, 90, 512, 422),
            ["cropped-at-the-bottom"] = photo.Crop(0, 0, 512, 150),
            ["letterboxed-1280x720"] = new Canvas(1280, 720).Draw(photo, 640, 360, 720 / 512.0),
            ["letterboxed-720x1280"] = new Canvas(720, 1280).Draw(photo, 360, 640, 720 / 512.0),
            ["filled-1280x720"] = new Canvas(1280, 720).Draw(photo, 640, 600, 2.5),
            ["filled-720x1280"] = new Canvas(720, 1280).Draw(photo, 360, 640, 2.5),
            ["odd-301x227"] = new Canvas(301, 227).Draw(photo, 160.3, 140.7, 0.61, 3),
        };
        foreach (var pixels in new[] { 64, 48, 32, 24 })
        {
            drawn[$"face-of-{pixels}-pixels-far"] = new Canvas(640, 480, background: 90)
                .Draw(photo, 400, 300, pixels / facePixels);
            drawn[$"face-of-{pixels}-pixels-near"] = new Canvas(pixels * 20 / 3, pixels * 5, background: 90)
                .Draw(photo, pixels * 2.9, pixels * 2.7, pixels / facePixels);
        }

        foreach (var degrees in new[] { -30, -15, 15, 30 })
            drawn[$"rotated-{degrees}"] = new Canvas(512, 512).Draw(photo, 256, 256, 1, degrees);

        return drawn.Select(picture => new ParityPicture(picture.Key, picture.Value.Jpeg()))
            .Prepend(new ParityPicture("astronaut", Photo.Astronaut))
            .ToDictionary(picture => picture.Name);
    }
}
