namespace EdgeCloud.Tests.Parity;

public sealed class LiveReferenceTests(MediaPipeRuntime runtime) : IClassFixture<MediaPipeRuntime>
{
    /// <summary>
    /// Set to 1, the reference of every picture is made anew and written; otherwise a few are made and compared
    /// with what is checked in.
    /// </summary>
    private const string WriteVariable = "EDGECLOUD_WRITE_REFERENCE";

    private const double SameRuntime = 1e-6;

    private static readonly string[] Few = ["astronaut", "four-faces", "cropped-at-the-right"];

    [Fact]
    public async Task The_checked_in_reference_is_what_MediaPipe_finds_today()
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            await WriteAsync();

        var pictures = Few.Select(name => ParityPicture.All[name]).ToArray();
        var shortRange = await runtime.FacesAsync(pictures, "short");
        var fullRange = await runtime.FacesAsync(pictures, "full");
        var poses = await runtime.PosesAsync(pictures, complexity: 0);
        foreach (var picture in pictures)
        {
            var reference = Reference.Of(picture);
            AssertSame(reference.ShortRange.SelectMany(Numbers), shortRange[picture.Name].SelectMany(Numbers));
            AssertSame(reference.FullRange.SelectMany(Numbers), fullRange[picture.Name].SelectMany(Numbers));
            AssertSame(reference.PoseLite.First, poses[picture.Name].First);
            AssertSame(reference.PoseLite.Second, poses[picture.Name].Second);
            AssertSame(reference.PoseLite.FirstRegion, poses[picture.Name].FirstRegion);
            AssertSame(reference.PoseLite.SecondRegion, poses[picture.Name].SecondRegion);
        }
    }

    private async Task WriteAsync()
    {
        var pictures = ParityPicture.All.Values.ToArray();
        var shortRange = await runtime.FacesAsync(pictures, "short");
        var fullRange = await runtime.FacesAsync(pictures, "full");
        var poseLite = await runtime.PosesAsync(pictures, complexity: 0);
        var poseFull = await runtime.PosesAsync(pictures, complexity: 1);
        Reference.Write(pictures.ToDictionary(picture => picture.Name, picture => new Reference(
            picture.Pixels.Width, picture.Pixels.Height, picture.Pixels.RgbaSha256(),
            shortRange[picture.Name], fullRange[picture.Name], poseLite[picture.Name], poseFull[picture.Name])));
    }

    private static void AssertSame(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        Assert.Equal(expected.Count(), actual.Count());
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, SameRuntime));
    }

    private static IEnumerable<double> Numbers(ReferenceFace face) => [face.Score, .. face.Box, .. face.Keypoints];
}
