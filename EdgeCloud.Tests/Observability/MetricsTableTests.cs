using System.Diagnostics.Metrics;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Tests.Docs;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Observability;

public sealed class MetricsTableTests
{
    /// <summary>Set to 1, the file is written, and then compared with itself.</summary>
    private const string WriteVariable = "EDGECLOUD_WRITE_METRICS";

    private const string Head = "| name in Prometheus | type | unit | labels | of | meaning | instrument |";

    [Fact]
    public async Task The_checked_in_table_is_what_the_services_measure() =>
        await WrittenTable.CheckAsync(MetricsTable.File, Head, await RowsAsync(), WriteVariable);

    private static async Task<IReadOnlyList<string>> RowsAsync()
    {
        using var table = new MetricsTable();
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data", "edge-data.dlq");
        await using var edge = new EdgeApplication(
            broker.BootstrapServers, new Dictionary<string, string?> { ["Edge:Frames:FrameFile"] = "" });
        var devices = edge.CreateClient();
        await edge.ReadyAsync();
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();

        // Some instruments are only made when there is something to measure.
        (await devices.PostJpegAsync(Photo.Astronaut)).EnsureSuccessStatusCode();
        await scene.PublishAsync(Events.Of("edge-1", DateTimeOffset.UtcNow));
        await server.SeesAsync("events", 1);
        return await table.RowsAsync(new Dictionary<string, IMeterFactory>
        {
            ["edge"] = edge.Services.GetRequiredService<IMeterFactory>(),
            ["server"] = scene.Services.GetRequiredService<IMeterFactory>(),
        });
    }
}
