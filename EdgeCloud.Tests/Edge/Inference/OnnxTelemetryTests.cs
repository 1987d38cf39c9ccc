namespace EdgeCloud.Tests.Edge.Inference;

public sealed class OnnxTelemetryTests
{
    [Fact]
    public async Task ONNX_Runtime_gathers_nothing_for_its_makers()
    {
        using var folder = new TemporaryFolder();
        await using var edge = await EdgeProcess.StartAsync("127.0.0.1:1", folder.File("outbox.db"));

        // Its database of events, open from the first session on.
        var open = Directory.GetFiles($"/proc/{edge.Id}/fd").Select(file => new FileInfo(file).LinkTarget).ToArray();
        Assert.Contains(folder.File("outbox.db"), open);
        Assert.DoesNotContain(open, file => file?.Contains("onnxruntime.db", StringComparison.Ordinal) == true);
    }
}
