namespace EdgeCloud.Tests.Edge.Sources;

/// <summary>Videos that ffmpeg makes of the test photo.</summary>
internal static class TestVideo
{
    /// <summary>A second of the photo, five frames.</summary>
    public static Task<string> PhotoAsync(TemporaryFolder folder) =>
        MakeAsync(folder, "-loop", "1", "-i", Photo.AstronautFile, "-t", "1", "-r", "5");

    /// <summary>A minute of the photo, with a key frame each second.</summary>
    public static Task<string> LongAsync(TemporaryFolder folder) => MakeAsync(
        folder, "-loop", "1", "-i", Photo.AstronautFile, "-t", "60", "-r", "5", "-g", "5", "-preset", "ultrafast");

    /// <summary>Four seconds, 40 frames: a person comes in from the left and leaves to the right.</summary>
    public static Task<string> WalkAsync(TemporaryFolder folder) => MakeAsync(
        folder, "-f", "lavfi", "-i", "color=gray:s=640x480:r=10", "-loop", "1", "-i", Photo.AstronautFile,
        "-filter_complex", "[1]scale=480:480[person];[0][person]overlay=x=-480+280*t:y=0", "-t", "4");

    private static async Task<string> MakeAsync(TemporaryFolder folder, params string[] arguments)
    {
        var file = folder.File("video.mp4");
        await ChildProcess.SucceedAsync(["ffmpeg", "-v", "error", .. arguments, "-pix_fmt", "yuv420p", file]);
        return file;
    }
}
