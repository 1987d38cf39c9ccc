using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Pacing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Edge.Pacing;

public sealed class DevicePacingTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task On_a_dirty_grid_a_device_is_looked_at_with_the_lite_model_then_with_none()
    {
        await using var edge = Edge("600", "Full");
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
        await using var edge = Edge("600", "Lite");
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

    private EdgeApplication Edge(string gramsPerKwh, string pose) => new("127.0.0.1:1", new Dictionary<string, string?>
    {
        ["Carbon:Source"] = "Fixed",
        ["Carbon:GramsPerKwh"] = gramsPerKwh,
        ["Edge:Inference:Pose"] = pose,
        ["Edge:Frames:FrameFile"] = "",
    })
    { Time = _clock };
}
