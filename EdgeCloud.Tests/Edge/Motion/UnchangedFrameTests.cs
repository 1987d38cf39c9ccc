using System.Diagnostics.Metrics;
using System.Text.Json;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.Tests.Edge.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace EdgeCloud.Tests.Edge.Motion;

/// <summary>What the sender of a frame reads when nothing has changed.</summary>
public sealed class UnchangedFrameTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly EdgeApplication _edge;
    private HttpClient _client = null!;

    public UnchangedFrameTests() => _edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
    {
        ["Edge:MotionGate:Enabled"] = "true",
        ["Edge:Frames:FrameFile"] = "",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    })
    { Time = _clock };

    public async Task InitializeAsync()
    {
        _client = _edge.CreateClient();
        await _edge.ReadyAsync();
    }

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task An_unchanged_frame_is_an_event_of_its_own_with_what_the_models_found_before()
    {
        using var measurements = new Measurements(_edge.Services.GetRequiredService<IMeterFactory>());
        var looked = await PostAsync(0);
        var confirmed = await PostAsync(1);

        Assert.False(looked.TryGetProperty("unchanged", out _));
        Assert.True(confirmed.GetProperty("unchanged").GetBoolean());
        foreach (var same in new[] { "faces", "poses", "persons_detected", "next_frame_ms", "device_id" })
            Assert.Equal(looked.GetProperty(same).GetRawText(), confirmed.GetProperty(same).GetRawText());
        foreach (var own in new[] { "event_id", "timestamp", "frame" })
            Assert.NotEqual(looked.GetProperty(own).GetRawText(), confirmed.GetProperty(own).GetRawText());
        Assert.Equal(1, confirmed.GetProperty("persons_detected").GetInt32());
        var face = Assert.Single(confirmed.GetProperty("faces").EnumerateArray());
        Assert.Equal(1, face.GetProperty("track_id").GetInt64());
        Assert.Equal(2, confirmed.GetProperty("frame").GetProperty("sequence").GetInt64());
        Assert.False(confirmed.GetProperty("timing_ms").TryGetProperty("pose", out _));
        Assert.True(
            confirmed.GetProperty("energy_joules").GetDouble() < looked.GetProperty("energy_joules").GetDouble());
        Assert.Equal([("", 1.0)], measurements.Of("edgecloud.frames.unchanged").Select(
            measured => (measured.Tags, measured.Value)));
        Assert.Equal(
            ["decode", "decode", "face", "letterbox", "letterbox", "pose"],
            measurements.Of("edgecloud.stage.duration")
                .Select(measured => measured.Tags[(measured.Tags.IndexOf('=', StringComparison.Ordinal) + 1)..])
                .Where(stage => stage is not ("store" or "publish")).Order());
    }

    [Fact]
    public async Task A_person_is_followed_through_unchanged_frames_for_longer_than_the_tracking_gap()
    {
        using var poses = new MetricCollector<long>(
            _edge.Services.GetRequiredService<IMeterFactory>(), EdgeTelemetry.Name, "edgecloud.poses");
        double[] steps = [0, 1.5, 1.5, 1.5, 1];
        List<bool> unchanged = [];
        foreach (var step in steps)
            unchanged.Add((await PostAsync(step)).TryGetProperty("unchanged", out _));

        Assert.Equal([false, true, true, true, false], unchanged);
        Assert.Equal(
            ["detector", "track"], poses.GetMeasurementSnapshot().Select(pose => Assert.Single(pose.Tags).Value));
    }

    [Fact]
    public async Task Another_picture_is_looked_at()
    {
        await PostAsync(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var other = await (await _client.PostJpegAsync(Photo.AstronautTurned(10))).EventAsync();
        Assert.False(other.TryGetProperty("unchanged", out _));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task The_trace_of_a_frame_says_whether_it_was_unchanged(int framesBefore, bool expected)
    {
        for (var i = 0; i < framesBefore; i++)
            await PostAsync(1);
        using var trace = new RecordedTrace();
        _clock.Advance(TimeSpan.FromSeconds(1));
        using var content = new ByteArrayContent(Photo.Astronaut) { Headers = { { "Content-Type", "image/jpeg" } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/frame")
        {
            Content = content,
            Headers = { { "traceparent", trace.TraceParent } },
        };
        (await _client.SendAsync(request)).EnsureSuccessStatusCode();

        Assert.Equal(expected, (await trace.EndedAsync("POST /frame")).GetTagItem("edgecloud.unchanged"));
        Assert.Equal(!expected, trace.Ended.Any(span => span.DisplayName == "face"));
    }

    private async Task<JsonElement> PostAsync(double secondsLater)
    {
        _clock.Advance(TimeSpan.FromSeconds(secondsLater));
        return await (await _client.PostJpegAsync(Photo.Astronaut)).EventAsync();
    }
}
