using System.Text.RegularExpressions;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Overload;

/// <summary>
/// Device ids are free to choose, so whatever is kept by device is bounded. DeviceRatesTests has the third of these.
/// </summary>
public sealed class ManyDevicesTests
{
    private const int Devices = 100_000;

    private static readonly byte[] Picture = Photo.Blank(16, 16);

    [Fact]
    public void A_hundred_thousand_devices_leave_as_many_newest_frames_as_are_kept()
    {
        var latest = new LatestFrames(Options.Create(new FrameOptions { MaxDevices = 64 }));
        for (var i = 0; i < Devices; i++)
        {
            var deviceId = $"device-{i}";
            latest.Keep(EventOf(deviceId), [1], [2]);
        }

        Assert.Equal(64, latest.Count);
        Assert.NotNull(latest.Jpeg($"device-{Devices - 64}"));
        Assert.Null(latest.Jpeg($"device-{Devices - 65}"));
    }

    [Fact]
    public void Devices_with_large_frames_are_forgotten_sooner()
    {
        var latest = new LatestFrames(Options.Create(new FrameOptions { MaxBodyBytes = 1_000_000 }));
        foreach (var deviceId in new[] { "a", "b", "c", "b" })
            latest.Keep(EventOf(deviceId), [1], new byte[700_000]);

        Assert.Equal(2, latest.Count);
        Assert.Null(latest.Jpeg("a"));

        foreach (var deviceId in new[] { "b", "c", "d", "e" })
            latest.Keep(EventOf(deviceId), [1], new byte[1000]);
        Assert.Equal(4, latest.Count);
    }

    [Fact]
    public void A_hundred_thousand_devices_leave_as_many_poses_as_are_followed()
    {
        var tracks = new PoseTracks(TimeSpan.FromSeconds(2), maxTracks: 64);
        var track = new PoseTrack();
        for (var i = 0; i < Devices; i++)
            tracks.Keep($"device-{i}", track);

        Assert.Equal(64, tracks.Count);
    }

    [Fact]
    public async Task Devices_add_no_series_to_the_metrics_and_appear_in_none()
    {
        // A process of its own, since the meters of all edges in one process are read together.
        using var folder = new TemporaryFolder();
        await using var edge = await EdgeProcess.StartAsync("127.0.0.1:1", folder.File("outbox.db"));
        await PostAsync(edge.Client, device: 0);
        var before = await SeriesAsync(edge.Client);

        for (var device = 1; device < 50; device++)
            await PostAsync(edge.Client, device);

        var after = await SeriesAsync(edge.Client);
        Assert.NotEmpty(before);
        Assert.Equal(before, after);
        Assert.DoesNotContain("metric-device", await edge.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    /// <summary>An accepted frame, a refused one, and what is kept of them.</summary>
    private static async Task PostAsync(HttpClient client, int device)
    {
        var query = $"?device_id=metric-device-{device}";
        await client.PostJpegAsync(Picture, query);
        await client.PostJpegAsync([1, 2, 3], query);
        await client.GetAsync($"/boxes{query}");
    }

    /// <summary>Of frames, events and requests; what the runtime says of itself comes in its own time.</summary>
    private static async Task<string[]> SeriesAsync(HttpClient client) =>
    [
        .. Regex.Matches(
            await client.GetStringAsync("/metrics"), "^(?:edgecloud|http_server_request)[^ ]*", RegexOptions.Multiline)
            .Select(match => match.Value)
            .Where(series => !series.Contains("/metrics", StringComparison.Ordinal)).Order(),
    ];

    private static DetectionEvent EventOf(string deviceId) => new()
    {
        DeviceId = deviceId,
        Timestamp = DateTimeOffset.UnixEpoch,
        PersonsDetected = 0,
        Faces = [],
    };
}
