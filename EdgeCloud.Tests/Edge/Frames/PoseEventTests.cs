using System.Text.Json;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class PoseEventTests
{
    [Theory]
    [InlineData("Lite")]
    [InlineData("Full")]
    [InlineData("Heavy")]
    public async Task The_event_has_the_pose_of_the_person_confirmed_by_the_face(string model)
    {
        var found = await PostAsync(Photo.Astronaut, ("Edge:Inference:Pose", model));

        var pose = Assert.Single(found.GetProperty("poses").EnumerateArray());
        Assert.True(pose.GetProperty("confirmed_by_face").GetBoolean());
        Assert.InRange(pose.GetProperty("conf").GetDouble(), 0.5, 1);
        Assert.False(pose.TryGetProperty("world_landmarks", out _));
        var landmarks = pose.GetProperty("landmarks").EnumerateArray().ToArray();
        Assert.Equal(33, landmarks.Length);
        Assert.All(landmarks, landmark => Assert.Equal(4, landmark.GetArrayLength()));
        Assert.InRange(landmarks[0][0].GetDouble(), 0.42, 0.46);
        Assert.InRange(landmarks[0][1].GetDouble(), 0.22, 0.27);
        Assert.True(found.GetProperty("timing_ms").GetProperty("pose").GetDouble() > 0);
    }

    [Fact]
    public async Task An_event_of_one_face_and_one_pose_is_smaller_than_2_KB() =>
        Assert.InRange((await PostAsync(Photo.Astronaut)).GetRawText().Length, 1000, 2047);

    [Fact]
    public async Task World_landmarks_are_there_when_asked_for()
    {
        var world = (await PostAsync(Photo.Astronaut, ("Edge:Inference:WorldLandmarks", "true")))
            .GetProperty("poses")[0].GetProperty("world_landmarks").EnumerateArray().ToArray();
        Assert.Equal(33, world.Length);
        Assert.All(world, landmark => Assert.Equal(3, landmark.GetArrayLength()));

        // The left shoulder is to the right of the right one as the camera sees it, a few tenths of a metre away, and
        // both are above the hips.
        Assert.InRange(world[11][0].GetDouble() - world[12][0].GetDouble(), 0.2, 0.6);
        Assert.True(world[11][1].GetDouble() < world[23][1].GetDouble());
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task World_landmarks_turn_with_the_person_in_the_picture(double degrees)
    {
        var pose = (await PostAsync(Photo.AstronautTurned(degrees), ("Edge:Inference:WorldLandmarks", "true")))
            .GetProperty("poses")[0];
        Assert.Equal(
            ShoulderSlope(pose.GetProperty("landmarks")),
            ShoulderSlope(pose.GetProperty("world_landmarks")), tolerance: 10);
        Assert.InRange(Math.Abs(ShoulderSlope(pose.GetProperty("world_landmarks"))), 15, 45);

        // From the right shoulder to the left, degrees.
        static double ShoulderSlope(JsonElement landmarks) => double.RadiansToDegrees(Math.Atan2(
            landmarks[11][1].GetDouble() - landmarks[12][1].GetDouble(),
            landmarks[11][0].GetDouble() - landmarks[12][0].GetDouble()));
    }

    [Fact]
    public async Task Without_poses_the_event_says_nothing_of_them_and_their_models_are_not_needed()
    {
        using var models = new TemporaryFolder();
        string[] faces = ["face_detection_short_range.onnx", "face_detection_full_range_sparse.onnx"];
        foreach (var model in faces)
            File.Copy(Path.Combine(AppContext.BaseDirectory, "models", model), models.File(model));

        var found = await PostAsync(
            Photo.Astronaut, ("Edge:Inference:Pose", "Off"), ("Edge:Inference:ModelsDirectory", models.Path));

        Assert.Equal(1, found.GetProperty("persons_detected").GetInt32());
        Assert.DoesNotContain("pose", found.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_is_the_list_of_poses_is_empty() =>
        Assert.Empty((await PostAsync(Photo.Blank(320, 240))).GetProperty("poses").EnumerateArray());

    [Fact]
    public async Task Another_photo_of_the_same_device_is_looked_at_as_if_it_were_the_first()
    {
        using var original = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        using var mirrored = new Mat();
        Cv2.Flip(original, mirrored, FlipMode.Y);
        var other = Photo.Jpeg(mirrored);
        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>());
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var alone = await (await client.PostJpegAsync(other, "?device_id=alone")).EventAsync();

        await client.PostJpegAsync(Photo.Astronaut, "?device_id=both");
        var second = await (await client.PostJpegAsync(other, "?device_id=both")).EventAsync();

        Assert.Equal(alone.GetProperty("poses").GetRawText(), second.GetProperty("poses").GetRawText());
    }

    private static async Task<JsonElement> PostAsync(byte[] jpeg, params (string Key, string Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value);
        all["Edge:Frames:FrameFile"] = "";
        await using var edge = new EdgeApplication("127.0.0.1:1", all);
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        return await (await client.PostJpegAsync(jpeg)).EventAsync();
    }
}
