using System.Diagnostics;
using System.Net;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class QuietFrameTests
{
    [Fact]
    public async Task A_frame_accepted_or_refused_writes_nothing_to_the_log_as_it_is_set_up()
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        var logs = new FakeLogCollector();
        await using var edge = new EdgeApplication(
            broker.BootstrapServers,
            new Dictionary<string, string?> { ["Edge:Inference:Pose"] = "Off", ["Edge:Frames:FrameFile"] = "" })
        {
            Logs = logs,
        };
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var trace = ActivityTraceId.CreateRandom();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-00");

        Assert.Equal(HttpStatusCode.OK, (await client.PostJpegAsync(Photo.Astronaut)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostJpegAsync(Photo.Astronaut[..^2])).StatusCode);

        Assert.DoesNotContain(logs.GetSnapshot(), record => TraceOf(record) == $"{trace}");
        Assert.Null(TraceOf(logs.With("Application started").First()));
    }

    /// <summary>The host puts the trace around every line that is logged within one.</summary>
    private static string? TraceOf(FakeLogRecord record) => record.Scopes
        .OfType<IEnumerable<KeyValuePair<string, object?>>>().SelectMany(scope => scope)
        .FirstOrDefault(value => value.Key == "TraceId").Value?.ToString();
}
