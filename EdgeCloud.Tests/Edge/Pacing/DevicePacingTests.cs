using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Tests.Edge.Inference;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Edge.Pacing;

public sealed class DevicePacingTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task On_a_dirty_grid_a_device_is_looked_at_with_one_face_model_before_anything_else_is_saved()
    {
        await using var edge = Edge("600", "Full");
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        using var far = new FacePictures(Photo.Astronaut).People().First(picture => picture.Face!.Value.Size.X > 0.08f);

        var faces = (await (await client.PostJpegAsync(Photo.Jpeg(far.Pixels))).EventAsync()).GetProperty("faces");
        Assert.Equal("full", Assert.Single(faces.EnumerateArray()).GetProperty("model").GetString());
        Assert.Equal(
            new ModelChoice(FaceRange.Short, PoseMode.Full),
            edge.Services.GetRequiredService<DevicePacing>().Models("edge-1"));

        var saved = await (await client.PostJpegAsync(Photo.Jpeg(far.Pixels))).EventAsync();
        Assert.Empty(saved.GetProperty("faces").EnumerateArray());
        Assert.True(saved.TryGetProperty("poses", out _));
        Assert.Equal(1000, saved.GetProperty("next_frame_ms").GetInt32());
        var near = (await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync()).GetProperty("faces");
        Assert.Equal("short", Assert.Single(near.EnumerateArray()).GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("Both", "Off", "Both Short")]
    [InlineData("Short", "Off", "Short")]
    [InlineData("Full", "Off", "Full")]
    [InlineData("Full", "Lite", "Full Full")]
    [InlineData("Both", "Heavy", "Both Short Short Short")]
    public async Task Only_of_both_face_models_one_is_dropped(string faces, string pose, string expected)
    {
        await using var edge = Edge("30", pose, faces);
        edge.CreateClient().Dispose();
        var models = edge.Services.GetRequiredService<FrameCosts>().Models;
        Assert.Equal(expected, string.Join(' ', models.Select(choice => choice.Faces)));
        Assert.Equal(models.Distinct(), models);
    }

    [Fact]
    public async Task Each_choice_costs_less_than_the_one_before_until_it_is_measured()
    {
        await using var edge = Edge("30", "Heavy");
        edge.CreateClient().Dispose();
        var costs = edge.Services.GetRequiredService<FrameCosts>();
        var joules = costs.Models.Select(costs.Of).ToArray();
        Assert.Equal(joules.OrderDescending(), joules);
        Assert.Equal(joules.Length, joules.Distinct().Count());

        costs.Note(costs.Models[0], 5);
        Assert.Equal(5, costs.Of(costs.Models[0]));
        Assert.Equal(joules[1], costs.Of(costs.Models[1]));
    }

    [Fact]
    public async Task On_a_dirtier_grid_a_device_is_looked_at_with_the_lite_model_then_with_none()
    {
        await using var edge = Edge("800", "Full");
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        // The first frame of a device is looked at before anything is known of it.
        Assert.Single(
            (await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync()).GetProperty("poses").EnumerateArray());
        Assert.Equal(PoseMode.Lite, edge.Services.GetRequiredService<DevicePacing>().Models("edge-1").Pose);
        var lite = await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();
        Assert.Single(lite.GetProperty("poses").EnumerateArray());
        Assert.Equal(1000, lite.GetProperty("next_frame_ms").GetInt32());
    }

    [Fact]
    public async Task Without_the_pose_model_the_event_has_no_poses_and_the_faces_are_still_there()
    {
        await using var edge = Edge("800", "Lite");
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        Assert.True((await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync()).TryGetProperty("poses", out _));

        var saved = await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();
        Assert.False(saved.TryGetProperty("poses", out _));
        Assert.False(saved.GetProperty("timing_ms").TryGetProperty("pose", out _));
        Assert.Equal(1, saved.GetProperty("persons_detected").GetInt32());
    }

    [Fact]
    public async Task Devices_are_paced_each_by_itself_and_of_those_crowded_out_nothing_is_kept()
    {
        await using var edge = Edge("30", "Off");
        edge.CreateClient().Dispose();
        var pacing = edge.Services.GetRequiredService<DevicePacing>();
        pacing.Next("empty", false, default, 0.001);
        pacing.Next("busy", false, default, 0.001);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromSeconds(2), pacing.Next("empty", false, default, 0.001));
        Assert.Equal(TimeSpan.FromSeconds(1), pacing.Next("busy", true, default, 0.001));

        for (var i = 0; i < 2 * DevicePacing.Capacity; i++)
            pacing.Next($"device-{i}", false, default, 0.001);
        Assert.Equal(DevicePacing.Capacity, pacing.Count);
        Assert.Equal(TimeSpan.FromSeconds(1), pacing.Next("empty", false, default, 0.001));
    }

    private EdgeApplication Edge(string gramsPerKwh, string pose, string faces = "Both") =>
        new("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Carbon:Source"] = "Fixed",
            ["Carbon:GramsPerKwh"] = gramsPerKwh,
            ["Edge:Inference:FaceRange"] = faces,
            ["Edge:Inference:Pose"] = pose,
            ["Edge:Frames:FrameFile"] = "",
        })
        { Time = _clock };
}
