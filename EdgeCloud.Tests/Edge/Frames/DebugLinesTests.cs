using System.Globalization;
using EdgeCloud.AppHost.Brokers;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Frames;

/// <summary>The lines by which one looks for a fault: what was detected, where it is on Kafka, the file.</summary>
public sealed class DebugLinesTests
{
    [Fact]
    public async Task At_level_Debug_each_frame_has_its_three_lines()
    {
        using var folder = new TemporaryFolder();
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        var file = folder.File("frame.jpg");
        await using var edge = Edge(broker, file, "Debug");
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        await client.PostJpegAsync(Photo.Blank(64, 64));
        var found = await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();
        await Eventually.HoldsAsync(
            () => edge.Logs!.With("Delivered ").Count() == 2
                && edge.Logs!.With("Wrote ").Any(record => record.Message.Contains(
                    $"{Photo.Astronaut.Length} bytes", StringComparison.Ordinal)),
            "the lines are written");

        Assert.Equal(
            [
                "Detected in frame 1 of edge-1: persons 0, faces none, poses none",
                $"Detected in frame 2 of edge-1: persons 1, faces {Score(found.GetProperty("faces"))}, "
                + $"poses {Score(found.GetProperty("poses"))}",
            ],
            edge.Logs!.With("Detected in ").Select(record => record.Message));
        var partition = TopicReader.Read(broker.BootstrapServers, 2)[0].Partition;
        Assert.Equal(
            [$"Delivered edge-data [{partition}] @ 0", $"Delivered edge-data [{partition}] @ 1"],
            edge.Logs!.With("Delivered ").Select(record => record.Message.Split(':')[0]));
        Assert.Contains(
            found.GetProperty("event_id").GetString()!, edge.Logs!.With("Delivered ").Last().Message,
            StringComparison.Ordinal);
        Assert.Contains(
            $"Wrote {file}, {Photo.Astronaut.Length} bytes", edge.Logs!.With("Wrote ").Select(line => line.Message));
        Assert.All(
            edge.Logs!.With("Detected in ").Concat(edge.Logs!.With("Wrote ")),
            record => Assert.Equal(LogLevel.Debug, record.Level));
    }

    [Fact]
    public async Task At_the_usual_level_there_is_none_of_them()
    {
        using var folder = new TemporaryFolder();
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var edge = Edge(broker, folder.File("frame.jpg"), "Information");
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        await client.PostJpegAsync(Photo.Astronaut);
        TopicReader.Read(broker.BootstrapServers, 1);
        await Eventually.HoldsAsync(() => File.Exists(folder.File("frame.jpg")), "the file is written");

        Assert.Empty(edge.Logs!.At(LogLevel.Debug));
    }

    private static EdgeApplication Edge(EmbeddedBroker broker, string file, string level) =>
        new(broker.BootstrapServers, new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = file,
            ["Edge:Presence:Enabled"] = "false",
            ["Logging:LogLevel:EdgeCloud"] = level,
        })
        {
            Logs = new FakeLogCollector(),
        };

    private static string Score(System.Text.Json.JsonElement found) =>
        found[0].GetProperty("conf").GetDouble().ToString("0.00", CultureInfo.InvariantCulture);
}
