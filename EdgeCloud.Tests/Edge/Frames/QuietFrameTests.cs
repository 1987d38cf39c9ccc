using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EdgeCloud.AppHost.Brokers;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class QuietFrameTests
{
    [Fact]
    public async Task A_frame_accepted_or_refused_writes_nothing_to_the_log_as_it_is_set_up()
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        using var logs = new TracedLines();
        await using var edge = new EdgeApplication(broker.BootstrapServers, new Dictionary<string, string?> { ["Edge:Inference:Pose"] = "Off", ["Edge:Frames:FrameFile"] = "" }) { Logs = logs };
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var trace = ActivityTraceId.CreateRandom();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-00");

        Assert.Equal(HttpStatusCode.OK, (await client.PostJpegAsync(Photo.Astronaut)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostJpegAsync(Photo.Astronaut[..^2])).StatusCode);

        Assert.DoesNotContain(logs.Lines, line => line.Trace == trace);
        Assert.Contains(logs.Lines, line => line.Trace is null && line.Text.Contains("Application started", StringComparison.Ordinal));
    }

    private sealed class TracedLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(ActivityTraceId? Trace, string Text)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((Activity.Current?.TraceId, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
