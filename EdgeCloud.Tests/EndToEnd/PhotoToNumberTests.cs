using System.Globalization;
using System.Text.Json;

namespace EdgeCloud.Tests.EndToEnd;

[Collection(RunningSystemCollection.Name)]
public sealed class PhotoToNumberTests(RunningSystem system)
{
    [Fact]
    public async Task A_photo_in_at_the_edge_comes_out_as_the_same_event_at_the_server()
    {
        var sent =
            await (await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=e2e")).Content.ReadAsStringAsync();

        await Eventually.HoldsAsync(
            async () => (await system.Server.IdsAsync("?device_id=e2e")).Length == 1, "the server has the event");
        Assert.Equal($"[{sent}]", await system.Server.GetStringAsync("/data?device_id=e2e"));
    }

    [Fact]
    public async Task A_listener_of_the_live_stream_gets_it()
    {
        using var stream = new StreamReader(await system.Server.GetStreamAsync("/events"));
        var sent = await (await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=live")).EventAsync();

        var id = $"id: {sent.GetProperty("event_id").GetString()}";
        while (await stream.ReadLineAsync() != id)
        {
            // Events of other tests pass by.
        }
    }

    [Fact]
    public async Task An_outside_Kafka_client_reads_the_same_event_with_its_key_and_headers()
    {
        var sent =
            await (await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=outside")).Content.ReadAsStringAsync();
        var id = JsonDocument.Parse(sent).RootElement.GetProperty("event_id").GetString()!;

        // -o beginning -e: all there is, then end. The format separates key, value and headers by tabs.
        string[] lines = [];
        await Eventually.HoldsAsync(
            async () => (lines = (await KcatAsync("%k\\t%s\\t%h\\n"))
                .Split('\n').Where(line => line.Contains(id, StringComparison.Ordinal)).ToArray()).Length == 1,
            "kcat reads the event");

        var parts = lines[0].Split('\t');
        Assert.Equal("outside", parts[0]);
        Assert.Equal(sent, parts[1]);
        Assert.Contains("ce_specversion=1.0", parts[2], StringComparison.Ordinal);
        Assert.Contains($"ce_id={id}", parts[2], StringComparison.Ordinal);
        Assert.Single(parts[2].Split(','), header => header.StartsWith("traceparent=00-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_command_line_sends_the_photo_and_prints_the_event()
    {
        var printed = await ChildProcess.SucceedAsync(ChildProcess.Dotnet(
            "edgecloud", "send", Photo.AstronautFile, "--url", $"{system.Edge.BaseAddress}",
            "--device", "sent-by-hand"));

        var printedEvent = JsonDocument.Parse(printed).RootElement;
        Assert.Equal("sent-by-hand", printedEvent.GetProperty("device_id").GetString());
        Assert.Equal(1, printedEvent.GetProperty("persons_detected").GetInt32());
    }

    [Fact]
    public async Task Nothing_on_Kafka_holds_the_picture()
    {
        await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=private");
        await Eventually.HoldsAsync(
            async () => (await system.Server.IdsAsync("?device_id=private")).Length == 1, "the server has the event");

        var sizes = (await KcatAsync("%S\\n")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(sizes, size => Assert.InRange(int.Parse(size, CultureInfo.InvariantCulture), 1, 2000));
    }

    /// <summary>All messages there are, each in this format.</summary>
    private Task<string> KcatAsync(string format) => ChildProcess.SucceedAsync(
        ["kcat", "-C", "-b", system.BootstrapServers, "-t", "edge-data", "-o", "beginning", "-e", "-q", "-f", format]);
}
