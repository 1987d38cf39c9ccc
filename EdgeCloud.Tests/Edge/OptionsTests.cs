namespace EdgeCloud.Tests.Edge;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Edge:Inference:FaceThreshold", "1.5")]
    [InlineData("Edge:Inference:FaceThreshold", "high")]
    [InlineData("Edge:Inference:FaceRange", "7")]
    [InlineData("Edge:Inference:Sampling", "Middle")]
    [InlineData("Edge:Inference:MaxConcurrency", "-1")]
    [InlineData("Edge:Inference:Pose", "9")]
    [InlineData("Edge:Inference:PoseTrackingGap", "-00:00:01")]
    [InlineData("Edge:Inference:MaxPoseTracks", "0")]
    [InlineData("Edge:Frames:MaxPixels", "0")]
    [InlineData("Edge:Frames:DefaultDeviceId", "a b")]
    [InlineData("Edge:Frames:FrameInterval", "00:00:00")]
    [InlineData("Edge:Frames:MaxFramesPerSecond", "0")]
    [InlineData("Edge:Frames:MaxMemoryBytes", "9000000")]
    [InlineData("Edge:Frames:RequestTimeout", "00:00:00")]
    [InlineData("Edge:Frames:Blur", "7")]
    [InlineData("Carbon:Source", "9")]
    [InlineData("Carbon:GramsPerKwh", "0.6")]
    [InlineData("Carbon:PowerUsageEffectiveness", "0.9")]
    [InlineData("Carbon:ReservedCpus", "-1")]
    [InlineData("Edge:Pacing:MaxInterval", "00:00:00")]
    [InlineData("Edge:Pacing:Dwell", "-00:00:01")]
    [InlineData("Edge:MotionGate:Threshold", "0")]
    [InlineData("Edge:MotionGate:MaxConfirm", "00:00:00")]
    [InlineData("Edge:Phone:Port", "70000")]
    [InlineData("Edge:Phone:Folder", "")]
    [InlineData("Http:MaxConnections", "0")]
    [InlineData("Http:SlowGracePeriod", "00:00:01")]
    [InlineData("Edge:Events:Topic", "not a topic")]
    [InlineData("Edge:Events:OutboxPath", "")]
    [InlineData("Edge:Events:OutboxMaxBytes", "1000")]
    [InlineData("Edge:Events:OutboxMaxAge", "00:00:00")]
    [InlineData("Edge:Events:Durability", "2")]
    [InlineData("Edge:Sources:0:Url", "ftp://somewhere/x")]
    [InlineData("Edge:Sources:0:Url", "/nowhere/walk.mp4")]
    [InlineData("Edge:Sources:0:Device", "a b")]
    [InlineData("Edge:Sources:0:Fps", "0.05")]
    [InlineData("Edge:Sources:0:Fps", "31")]
    [InlineData("Edge:Sources:0:Timeout", "00:00:00")]
    [InlineData("ConnectionStrings:kafka", "")]
    public async Task A_bad_value_ends_the_start_with_a_message_that_names_the_key(string key, string value) =>
        await AssertEndsAsync(key, value, expected: key);

    [Theory]
    [InlineData("Edge:Inference:FaceRange", "Medium", "Edge:Inference:FaceRange must be Short, Full or Both.")]
    [InlineData("Edge:Inference:Sampling", "Middle", "Edge:Inference:Sampling must be Centres or Corners.")]
    [InlineData("Edge:Inference:Sampling", "7", "Edge:Inference:Sampling must be Centres or Corners.")]
    [InlineData("Edge:Frames:Blur", "Persons", "Edge:Frames:Blur must be None or Faces.")]
    [InlineData("Edge:Events:Durability", "Some", "Edge:Events:Durability must be Relaxed or Full.")]
    [InlineData("Edge:Inference:Pose", "Light", "Edge:Inference:Pose must be Off, Lite, Full or Heavy.")]
    public async Task A_word_that_is_no_choice_ends_the_start_with_the_choices(
        string key, string value, string expected) => await AssertEndsAsync(key, value, expected);

    [Fact]
    public async Task A_missing_model_ends_the_start_with_a_message_that_names_the_file_and_the_fix()
    {
        await AssertEndsAsync(
            "Edge:Inference:ModelsDirectory", "nowhere", Path.Combine("nowhere", "face_detection_short_range.onnx"));
        await AssertEndsAsync("Edge:Inference:ModelsDirectory", "nowhere", "A build of EdgeCloud.Edge makes it");
    }

    [Theory]
    [InlineData(null, "pose_landmark_lite.onnx", "does not exist")]
    [InlineData("pose_detection.onnx", "pose_landmark_lite.onnx", "cannot be used")]
    public async Task A_missing_or_mistaken_pose_model_ends_the_start_with_its_name(
        string? mistakenFor, string file, string expected)
    {
        using var models = new TemporaryFolder();
        string[] others =
            ["face_detection_short_range.onnx", "face_detection_full_range_sparse.onnx", "pose_detection.onnx"];
        foreach (var name in others)
            File.Copy(Path.Combine(AppContext.BaseDirectory, "models", name), models.File(name));
        if (mistakenFor is not null)
            File.Copy(models.File(mistakenFor), models.File(file));

        await AssertEndsAsync(
            "Edge:Inference:ModelsDirectory", models.Path, $"The model file {models.File(file)} {expected}");
    }

    [Fact]
    public async Task The_full_range_model_finds_the_face_too()
    {
        await using var application = new EdgeApplication(
            "127.0.0.1:1",
            new Dictionary<string, string?> { ["Edge:Inference:FaceRange"] = "Full", ["Edge:Frames:FrameFile"] = "" });
        var client = application.CreateClient();
        await application.ReadyAsync();

        var found = await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();

        var face = Assert.Single(found.GetProperty("faces").EnumerateArray());
        Assert.InRange(face.GetProperty("xmin").GetDouble(), 0.30, 0.40);
        Assert.InRange(face.GetProperty("width").GetDouble(), 0.15, 0.25);
    }

    private static async Task AssertEndsAsync(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        var edge = await ChildProcess.RunAsync(ChildProcess.Dotnet(
            "EdgeCloud.Edge", "--urls=http://127.0.0.1:0", "--ConnectionStrings:kafka=127.0.0.1:1",
            $"--Edge:Events:OutboxPath={folder.File("outbox.db")}", $"--{key}={value}"));

        Assert.NotEqual(0, edge.ExitCode);
        Assert.Contains(expected, edge.Text, StringComparison.Ordinal);
    }
}
