using System.Net;
using EdgeCloud.Cli;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud send</c>, and what all commands write into a file or a pipe.</summary>
public sealed class SendTests
{
    private static readonly Dictionary<string, string?> DeadProxy = new()
    {
        ["http_proxy"] = "http://127.0.0.1:1",
        ["all_proxy"] = "http://127.0.0.1:1",
        ["no_proxy"] = null,
        ["NO_PROXY"] = "example.com",
    };

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task An_edge_on_this_machine_is_not_asked_for_through_a_proxy(string host)
    {
        await using var edge = await FakeEdge.StartAsync((_, one, context) => FakeEdge.AcceptAsync(one, context));

        var sent = await SendAsync(Photo.AstronautFile, $"http://{host}:{edge.Address.Port}");

        Assert.True(sent.ExitCode == 0, sent.Text);
        Assert.Contains("\"device_id\"", sent.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9001", null)]
    [InlineData("http://127.9.9.9:9001", null)]
    [InlineData("http://[::1]:9001", null)]
    [InlineData("http://localhost:9001", null)]
    [InlineData("http://edge.example.com", "http://proxy:3128/")]
    public void Only_loopback_is_never_proxied(string address, string? expected)
    {
        var proxy = new NoProxyForLoopback(new WebProxy("http://proxy:3128"));

        Assert.Equal(expected, proxy.GetProxy(new Uri(address))?.ToString());
        Assert.Equal(expected is null, proxy.IsBypassed(new Uri(address)));
    }

    [Fact]
    public async Task An_error_is_one_plain_line_on_standard_error_however_long()
    {
        var problem = $"{new string('x', 300)} Invalid JPEG {new string('y', 300)}";
        await using var edge = await FakeEdge.StartAsync((_, _, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync(problem);
        });

        var sent = await SendAsync(Photo.AstronautFile, $"{edge.Address}");

        Assert.Equal((1, "", $"400 {problem}\n"), (sent.ExitCode, sent.Output, sent.Error));
    }

    [Theory]
    [InlineData("?detail=normal")]
    [InlineData("?detail=high", "--detail", "high")]
    public async Task The_edge_is_told_how_closely_to_look(string expected, params string[] arguments)
    {
        var query = "";
        await using var edge = await FakeEdge.StartAsync((_, one, context) =>
        {
            query = context.Request.QueryString.Value;
            return FakeEdge.AcceptAsync(one, context);
        });

        var sent = await SendAsync(Photo.AstronautFile, $"{edge.Address}", arguments);

        Assert.Equal((0, expected), (sent.ExitCode, query));
    }

    [Fact]
    public async Task A_directory_is_said_in_one_line()
    {
        var sent = await SendAsync(Path.GetTempPath(), "http://127.0.0.1:1");

        Assert.Equal((1, ""), (sent.ExitCode, sent.Output));
        Assert.Contains("directory", Assert.Single(Lines(sent.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_that_cannot_be_reached_is_said_in_one_line()
    {
        var sent = await SendAsync(Photo.AstronautFile, "http://127.0.0.1:1");

        Assert.Equal((1, ""), (sent.ExitCode, sent.Output));
        Assert.Contains("cannot be reached", Assert.Single(Lines(sent.Error)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("carbon", "simulate")]
    [InlineData("smoke", "--url", "http://127.0.0.1:1", "--server", "http://127.0.0.1:1", "--patience", "1")]
    [InlineData("load", "--edge", "http://127.0.0.1:1")]
    [InlineData("dlq", "list", "--kafka", "127.0.0.1:1", "--topic", "a.topic.of.which.the.name.is.rather.long")]
    public async Task What_goes_into_a_file_has_no_control_characters(params string[] arguments)
    {
        var ended = await ChildProcess.RunAsync(ChildProcess.Dotnet("edgecloud", arguments));

        Assert.NotEqual("", ended.Text);
        Assert.DoesNotContain(ended.Text, character => char.IsControl(character) && character != '\n');
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<Finished> SendAsync(string photo, string url, params string[] arguments)
    {
        var ended = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", ["send", photo, "--url", url, .. arguments]), environment: DeadProxy);
        Assert.DoesNotContain(ended.Text, character => char.IsControl(character) && character != '\n');
        return ended;
    }
}
