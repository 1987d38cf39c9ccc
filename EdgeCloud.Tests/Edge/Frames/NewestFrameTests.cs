using System.Collections.Concurrent;
using System.Net;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class NewestFrameTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Fact]
    public async Task Boxes_answers_with_the_very_event_of_the_newest_frame()
    {
        await edge.Client.PostJpegAsync(Photo.Blank(64, 64), "?device_id=boxes");
        var newest =
            await (await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=boxes")).Content.ReadAsStringAsync();

        Assert.Equal(newest, await edge.Client.GetStringAsync("/boxes?device_id=boxes"));
    }

    [Fact]
    public async Task The_newest_frame_is_served_byte_for_byte()
    {
        await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=served");
        var posted = await edge.Client.PostJpegAsync(Photo.Blank(64, 64), "?device_id=served");
        Assert.Equal("none", Assert.Single(posted.Headers.GetValues("EdgeCloud-Blur")));

        var answer = await edge.Client.GetAsync("/frame.jpg?device_id=served");
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Photo.Blank(64, 64), await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_newest_frame_of_the_default_device_is_in_the_file_and_no_temporary_file_beside_it()
    {
        await edge.Client.PostJpegAsync(Photo.Blank(64, 64), "?device_id=another");
        await edge.Client.PostJpegAsync(Photo.Astronaut);

        await Eventually.HoldsAsync(
            () => File.Exists(edge.FrameFile) && File.ReadAllBytes(edge.FrameFile).SequenceEqual(Photo.Astronaut),
            "the file is the newest frame");
        Assert.Equal([edge.FrameFile], Directory.GetFiles(Path.GetDirectoryName(edge.FrameFile)!));
    }

    [Fact]
    public async Task The_file_is_written_once_a_second_with_the_newest_frame_of_then()
    {
        using var folder = new TemporaryFolder();
        var options = Options.Create(new FrameOptions { FrameFile = folder.File("frame.jpg") });
        var (latest, time) = (new LatestFrames(options), new ObservedTime());
        var logs = new FakeLogger<FrameFile>();
        using var file = new FrameFile(options, latest, time, logs);
        await file.StartAsync(CancellationToken.None);

        Offer(1);
        await Eventually.HoldsAsync(() => time.Waits.Contains(TimeSpan.FromSeconds(1)), "a second is waited for");
        Assert.True(IsWritten(1));
        for (var number = 2; number <= 50; number++)
            Offer(number);
        Assert.True(IsWritten(1));
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => time.Waits.Count == 2, "another second is waited for");
        Assert.True(IsWritten(50));

        Assert.Equal(2, logs.Collector.GetSnapshot().Count(record => record.Level == LogLevel.Debug));
        await file.StopAsync(CancellationToken.None);

        void Offer(int number)
        {
            latest.Keep(DetectionEventExamples.Detection with { DeviceId = "edge-1" }, [], [(byte)number]);
            file.Offer("edge-1");
        }

        bool IsWritten(int number) =>
            File.Exists(folder.File("frame.jpg")) && File.ReadAllBytes(folder.File("frame.jpg")) is [var written]
            && written == number;
    }

    [Fact]
    public async Task A_file_of_an_earlier_start_is_gone_before_the_first_frame_and_one_that_it_did_not_finish()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "frame.jpg", "frame.jpg.4711.tmp", "frame.jpg.txt", "another.jpg.4711.tmp" })
            File.WriteAllBytes(folder.File(name), Photo.Astronaut);
        await using var restarted = Edge(folder.File("frame.jpg"));

        using var client = restarted.CreateClient();

        Assert.Equal(
            ["another.jpg.4711.tmp", "frame.jpg.txt"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_that_cannot_be_removed_is_a_warning_and_no_end()
    {
        var logs = new FakeLogCollector();
        await using var started = Edge("/proc/version", logs);

        using var client = started.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);
        Assert.Single(logs.GetSnapshot(), record => record.Level == LogLevel.Warning && record.Message.StartsWith(
            "The frame of an earlier start stays in /proc/version", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Beyond_the_limit_of_devices_the_one_heard_of_longest_ago_is_forgotten()
    {
        for (var i = 0; i < 5; i++)
            await edge.Client.PostJpegAsync(Photo.Blank(64, 64), $"?device_id=many-{i}");

        Assert.Equal(HttpStatusCode.NotFound, (await edge.Client.GetAsync("/boxes?device_id=many-0")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await edge.Client.GetAsync("/boxes?device_id=many-1")).StatusCode);
    }

    /// <summary>A clock that says what is waited for.</summary>
    private sealed class ObservedTime : FakeTimeProvider
    {
        public ConcurrentBag<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waits.Add(dueTime);
            return timer;
        }
    }

    private static EdgeApplication Edge(string frameFile, FakeLogCollector? logs = null) =>
        new("127.0.0.1:1", new Dictionary<string, string?> { ["Edge:Frames:FrameFile"] = frameFile })
        {
            Logs = logs,
        };
}
