using EdgeCloud.Tests.Edge.Sources;

namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud watch</c>.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task A_video_goes_to_the_edge_and_each_event_is_a_line()
    {
        await using var edge = await FakeEdge.StartAsync((_, one, context) => FakeEdge.AcceptAsync(one, context));
        using var folder = new TemporaryFolder();

        var watched = await WatchAsync(
            edge.Address, new() { ["EDGE__SOURCES__0__URL"] = await TestVideo.PhotoAsync(folder) },
            "--device", "film", "--fps", "10");

        Assert.True(watched.ExitCode == 0, watched.Text);
        Assert.Matches(@"(?m)^\d\d:\d\d:\d\d\.\d{3} film 1 person 0\.90$", watched.Output);
        Assert.Contains("The source of film is over", watched.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://u:s3cret@x/y", "must begin with rtsp://")]
    [InlineData("", "must be an address")]
    public async Task What_cannot_be_watched_ends_it_and_is_not_shown(string url, string expected)
    {
        await using var edge = await FakeEdge.StartAsync((_, one, context) => FakeEdge.AcceptAsync(one, context));

        var watched = await WatchAsync(edge.Address, new() { ["EDGE__SOURCES__0__URL"] = url });

        Assert.Equal(1, watched.ExitCode);
        Assert.Contains(expected, watched.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", watched.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_edge_it_says_so()
    {
        using var folder = new TemporaryFolder();
        var watched = await WatchAsync(
            new Uri("http://127.0.0.1:1"), new() { ["EDGE__SOURCES__0__URL"] = await TestVideo.PhotoAsync(folder) });

        Assert.Equal(1, watched.ExitCode);
        Assert.Contains("cannot be reached", watched.Error, StringComparison.Ordinal);
    }

    private static Task<Finished> WatchAsync(
        Uri edge, Dictionary<string, string?> environment, params string[] arguments) => ChildProcess.RunAsync(
        ChildProcess.Dotnet("edgecloud", ["watch", "--edge", $"{edge}", .. arguments]), environment: environment);
}
