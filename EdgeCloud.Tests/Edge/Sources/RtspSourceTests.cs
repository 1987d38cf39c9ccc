namespace EdgeCloud.Tests.Edge.Sources;

public sealed class RtspSourceTests
{
    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task A_camera_with_a_password_is_watched_and_nobody_learns_the_password(string protocol)
    {
        using var server = await RtspServer.StartAsync(protocol);
        await using var scene = Watching(server.Address());
        await scene.PersonIsSeenAsync("door");

        var ffmpegs = SourceScene.Ffmpegs(Environment.ProcessId);
        Assert.NotEmpty(ffmpegs);
        Assert.All(ffmpegs, id =>
        {
            AssertSecret(SourceScene.Read($"/proc/{id}", "cmdline"));
            AssertSecret(SourceScene.Read($"/proc/{id}", "environ"));
        });
        AssertSecret(await scene.Client.GetStringAsync("/sources"));
        AssertSecret(await scene.Client.GetStringAsync("/metrics"));
        AssertSecret(string.Join('\n', scene.Logs.GetSnapshot().Select(record => record.ToString())));
        Assert.Equal(
            $"rtsp://127.0.0.1:{server.Port}", (await scene.SourceAsync()).GetProperty("address").GetString());
    }

    [NightlyFact]
    public async Task A_camera_of_VLC_is_watched()
    {
        using var folder = new TemporaryFolder();
        using var server = await RtspServer.StartVlcAsync(folder, await TestVideo.LongAsync(folder));
        await using var scene = Watching(server.Address());
        await scene.PersonIsSeenAsync("door");
    }

    [Fact]
    public async Task A_camera_that_agrees_to_TCP_and_sends_nothing_there_is_watched_over_UDP()
    {
        using var server = await RtspServer.StartAsync("both");
        await using var mute = new MuteProxy(server.Port);
        await using var scene = Watching(
            server.Address().Replace($":{server.Port}", $":{mute.Port}", StringComparison.Ordinal),
            ("Edge:Sources:0:Timeout", "00:00:05"));
        await scene.StateIsAsync("waiting");
        await scene.PersonIsSeenAsync("door");
    }

    [Fact]
    public async Task A_camera_that_is_cut_off_is_watched_again_when_it_is_back()
    {
        var server = await RtspServer.StartAsync("tcp");
        await using var scene = Watching(server.Address());
        await scene.StateIsAsync("running");
        server.Dispose();
        await scene.StateIsAsync("waiting");
        Assert.Contains("sources: Degraded", await scene.Client.GetStringAsync("/health?verbose"));

        using var back = await RtspServer.StartAsync("tcp", server.Port);
        await scene.StateIsAsync("running");
        Assert.Contains("sources: Healthy", await scene.Client.GetStringAsync("/health?verbose"));
        Assert.InRange((await scene.SourceAsync()).GetProperty("restarts").GetInt64(), 1, long.MaxValue);
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_not_shown()
    {
        using var server = await RtspServer.StartAsync("tcp");
        await using var scene = Watching(server.Address("wr0ng") + "?token=wr0ng");
        await scene.StateIsAsync("waiting");

        var source = await scene.SourceAsync();
        Assert.Contains("401", source.GetProperty("reason").GetString());
        Assert.DoesNotContain("wr0ng", source.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", await scene.Client.GetStringAsync("/health?verbose"), StringComparison.Ordinal);
        Assert.All(
            scene.Logs.GetSnapshot(),
            record => Assert.DoesNotContain("wr0ng", record.ToString(), StringComparison.Ordinal));
    }

    private static SourceScene Watching(string address, params (string Key, string Value)[] settings) =>
        new([("Edge:Sources:0:Url", address), ("Edge:Sources:0:Device", "door"), .. settings]);

    private static void AssertSecret(string text)
    {
        Assert.NotEmpty(text);
        Assert.DoesNotContain(RtspServer.Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{RtspServer.User}:", text, StringComparison.Ordinal);
    }
}
