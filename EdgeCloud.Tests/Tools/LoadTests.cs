using System.Collections.Concurrent;
using EdgeCloud.Cli.Load;
using EdgeCloud.Contract;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Tools;

/// <summary>The load generator against a real server and an edge that does what real ones must not.</summary>
public sealed class LoadTests(LoadTests.RunningServer running) : IClassFixture<LoadTests.RunningServer>
{
    private const double Seconds = 0.5;
    private const int FramesDue = 24;

    private readonly ConcurrentBag<Guid?> _published = [];
    private readonly ConcurrentBag<Guid?> _withheld = [];

    [Fact]
    public async Task Copies_of_an_event_are_told_from_a_loss_and_counted_once_by_the_server()
    {
        var report = await RunAsync(async (_, detectionEvent, context) =>
        {
            await PublishAsync(detectionEvent);
            await running.Scene.PublishAsync(detectionEvent);
            await FakeEdge.AcceptAsync(detectionEvent, context);
        });

        var frames = _published.Count;
        Assert.Equal((frames, frames, frames), (report.Accepted.Count, report.Delivered, report.CountedByServer));
        Assert.Empty(report.Lost);
        Assert.Equal(new TopicReport(Distinct: frames, Duplicates: frames, Missing: 0), report.Topic);
        Assert.Equal(frames, report.DuplicatesAtServer);
        Assert.Equal(frames, report.VisibleAfter.Count);
        Assert.True(report.IsGood);
    }

    [Fact]
    public async Task An_accepted_event_that_never_arrives_is_lost_and_the_run_is_not_good()
    {
        var report = await RunAsync(async (frame, detectionEvent, context) =>
        {
            if (frame % 3 != 1)
                await PublishAsync(detectionEvent);
            else
                _withheld.Add(detectionEvent.EventId);
            await FakeEdge.AcceptAsync(detectionEvent, context);
        }, waitsInVain: true);

        Assert.Equal(_withheld.Order(), report.Lost.Select(eventId => (Guid?)eventId).Order());
        Assert.Equal(_withheld.Count, report.Topic?.Missing);
        Assert.Equal(_published.Count, report.Delivered);
        Assert.False(report.IsGood);
    }

    [Fact]
    public async Task Frames_refused_and_connections_cut_are_counted_and_the_rest_goes_on()
    {
        var (refused, cut) = (0, 0);
        var report = await RunAsync(async (frame, detectionEvent, context) =>
        {
            if (frame % 3 == 1)
            {
                Interlocked.Increment(ref refused);
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }

            await PublishAsync(detectionEvent);
            // Not the last ones: the run ends when what was accepted is visible, and what was cut then
            // is too, if it came before.
            if (frame % 3 == 2 && frame < FramesDue / 2)
            {
                Interlocked.Increment(ref cut);
                context.Abort();
                return;
            }

            await FakeEdge.AcceptAsync(detectionEvent, context);
        });

        Assert.Equal(FramesDue, report.Accepted.Count + report.NotAccepted.Values.Sum());
        Assert.Equal(refused, report.NotAccepted["rejected with 429"]);
        Assert.Equal(cut, report.NotAccepted["connection lost before the answer"]);
        Assert.Equal(cut, report.DeliveredUnanswered);
        Assert.Empty(report.Lost);
        Assert.True(report.IsGood);
    }

    [Fact]
    public async Task As_fast_as_answered_never_has_two_frames_of_a_device_on_the_way()
    {
        var (onTheWay, most) = (0, 0);
        var report = await RunAsync(
            async (_, detectionEvent, context) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref onTheWay));
                await PublishAsync(detectionEvent);
                Interlocked.Decrement(ref onTheWay);
                await FakeEdge.AcceptAsync(detectionEvent, context);
            },
            framesPerSecond: double.PositiveInfinity,
            devices: 1);
        Assert.NotEmpty(_published);

        Assert.Equal(1, most);
        Assert.True(report.IsGood);
    }

    private async Task PublishAsync(DetectionEvent detectionEvent)
    {
        _published.Add(detectionEvent.EventId);
        await running.Scene.PublishAsync(detectionEvent);
    }

    private async Task<LoadReport> RunAsync(
        Func<int, DetectionEvent, HttpContext, Task> answer, double framesPerSecond = 24, int devices = 2,
        bool waitsInVain = false)
    {
        await using var edge = await FakeEdge.StartAsync(answer);
        using var run = new LoadRun(new LoadPlan
        {
            Photo = [0xFF],
            Devices = devices,
            FramesPerSecond = framesPerSecond,
            Duration = TimeSpan.FromSeconds(Seconds),
            Edge = edge.Address,
            Server = running.Server.BaseAddress!,
            Kafka = running.Scene.BootstrapServers,
            Patience = TimeSpan.FromSeconds(waitsInVain ? 3 : 60),
        });
        return await run.RunAsync(CancellationToken.None);
    }

    public sealed class RunningServer : IAsyncLifetime
    {
        internal ServerScene Scene { get; } = new();

        public HttpClient Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await Scene.StartServerAsync();

        public async Task DisposeAsync() => await Scene.DisposeAsync();
    }
}
