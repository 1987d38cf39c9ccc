using System.Collections.Concurrent;

namespace EdgeCloud.Tests.EndToEnd;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Traces_metrics_and_logs_go_by_OTLP_where_the_orchestrator_says()
    {
        var received = new ConcurrentDictionary<string, bool>();
        await using var collector = await LocalServer.CollectAsync((signal, _) => received[signal] = true);

        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = "",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
        });
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        await client.PostJpegAsync(Photo.Astronaut);

        await Eventually.HoldsAsync(
            () => received.Keys.Order().SequenceEqual(["logs", "metrics", "traces"]), "all three signals have arrived");
    }
}
