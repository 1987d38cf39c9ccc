using System.Net;
using EdgeCloud.Edge.Frames;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Overload;

/// <summary>
/// Senders that dribble, each ended by the limit that is there for it; the others are set so high that they
/// cannot be what ends it.
/// </summary>
public sealed class SlowSenderTests
{
    private static readonly TimeSpan Dribble = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Headers_that_dribble_in_are_given_up()
    {
        await using var edge = await StartAsync(("Http:HeadersTimeout", "00:00:00.500"));
        await using var slow = await RawConnection.OpenAsync(edge.ClientOptions.BaseAddress);
        await slow.SendAsync("POST /frame HTTP/1.1\r\nHost: edge\r\nX-Slow: ");

        var answer = slow.ReadToEndAsync();
        await slow.SendUntilClosedAsync("a"u8.ToArray(), Dribble);

        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_server_has_the_limits_that_are_configured()
    {
        await using var edge = await StartAsync(
            ("Http:HeadersTimeout", "00:00:07"), ("Http:KeepAliveTimeout", "00:00:08"), ("Http:MaxConnections", "9"),
            ("Http:MinBytesPerSecond", "10"));
        var limits = edge.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal(TimeSpan.FromSeconds(7), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(8), limits.KeepAliveTimeout);
        Assert.Equal(9, limits.MaxConcurrentConnections);
        Assert.Equal(10, limits.MinRequestBodyDataRate?.BytesPerSecond);
        Assert.Equal(10, limits.MinResponseDataRate?.BytesPerSecond);
        Assert.Equal(0, limits.MaxRequestBodySize);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_closed()
    {
        await using var edge = await StartAsync(("Http:KeepAliveTimeout", "00:00:00.500"));
        await using var silent = await RawConnection.OpenAsync(edge.ClientOptions.BaseAddress);

        Assert.Equal("", await silent.ReadToEndAsync());
    }

    [Theory]
    [InlineData("Content-Length: 1000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_that_dribbles_in_below_the_least_rate_is_refused_with_408(string length)
    {
        await using var edge = await StartAsync(
            ("Http:SlowGracePeriod", "00:00:01.100"), ("Http:MinBytesPerSecond", "4096"));
        await using var slow = await RawConnection.PostAsync(edge.ClientOptions.BaseAddress, length);

        var answer = slow.ReadToEndAsync();
        await slow.SendUntilClosedAsync("1\r\na\r\n"u8.ToArray(), Dribble);

        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
        Assert.Contains("Body not received", await answer, StringComparison.Ordinal);
        Assert.Equal(NoneTaken, edge.Services.GetRequiredService<FrameMemory>().FreeBytes);
    }

    [Fact]
    public async Task A_body_that_is_fast_enough_but_takes_too_long_is_refused_with_408()
    {
        await using var edge = await StartAsync(("Edge:Frames:RequestTimeout", "00:00:00.500"));
        await using var slow = await RawConnection.PostAsync(edge.ClientOptions.BaseAddress, "Content-Length: 1000000");

        var answer = slow.ReadAnswerAsync();
        await Task.WhenAny(answer, slow.SendUntilClosedAsync("a"u8.ToArray(), Dribble));

        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
        Assert.Contains("in the time there is for a frame", await answer, StringComparison.Ordinal);
        await Eventually.HoldsAsync(
            () => edge.Services.GetRequiredService<FrameMemory>().FreeBytes == NoneTaken, "its memory is given back");
    }

    [Fact]
    public async Task Many_slow_senders_take_neither_the_memory_they_promise_to_fill_nor_anyones_turn()
    {
        await using var edge = await StartAsync();
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        var slow = await Task.WhenAll(Enumerable.Range(0, 500)
            .Select(_ => RawConnection.PostAsync(edge.ClientOptions.BaseAddress, "Content-Length: 8000000")));
        var memory = edge.Services.GetRequiredService<FrameMemory>();
        await Task.WhenAll(slow.Select(sender => sender.SendAsync(new byte[1000])));
        await Eventually.HoldsAsync(
            () => memory.FreeBytes <= NoneTaken - (500 * 1000), "what they have sent has arrived");

        Assert.InRange(NoneTaken - memory.FreeBytes, 500 * 1000, 500 * 16 * 1024);
        Assert.Equal(HttpStatusCode.OK, (await client.PostJpegAsync(Photo.Astronaut)).StatusCode);

        foreach (var sender in slow)
            await sender.DisposeAsync();
        await Eventually.HoldsAsync(() => memory.FreeBytes == NoneTaken, "the memory of those who left is given back");
    }

    private static long NoneTaken => new FrameOptions().MaxMemoryBytes;

    private static async Task<EdgeApplication> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        {
            ["Edge:Frames:FrameFile"] = "",
        });
        edge.StartServer();
        await edge.ReadyAsync();
        return edge;
    }
}
