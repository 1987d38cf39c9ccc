using System.Text;

namespace EdgeCloud.Tests.Server;

/// <summary>
/// What the first version of this pipeline sent, and what others send who know no more of the contract.
/// </summary>
public sealed class FirstVersionEventTests
{
    private const string Fields =
        "\"device_id\":\"edge-1\",\"timestamp\":\"2025-12-30T15:14:34.678870\",\"persons_detected\":1,";

    [Theory]
    [InlineData(null)]
    [InlineData("edge-1")]
    [InlineData("")]
    [InlineData("another")]
    public async Task An_event_counts_for_its_device_whatever_its_key(string? key)
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        await scene.PublishAsync(Encoding.UTF8.GetBytes($$"""{{{Fields}}"faces":[]}"""), key);
        await scene.PublishAsync(Encoding.UTF8.GetBytes(
            $$"""{{'\uFEFF'}}{{{Fields}}"faces":[{"conf":0.93,"xmin":0.5,"ymin":0.3,"width":0.2,"height":0.28}]}"""),
            key);

        await server.SeesAsync("events", 2);
        Assert.Equal(0, (await server.StatsAsync()).GetProperty("dead_letters").GetInt64());
        Assert.Equal(2, (await server.StatsAsync()).GetProperty("persons").GetInt64());
        Assert.Equal(2, (await server.GetDataAsync("?device_id=edge-1")).Length);
    }
}
