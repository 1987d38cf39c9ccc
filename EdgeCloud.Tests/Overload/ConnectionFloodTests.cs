using System.Net;

namespace EdgeCloud.Tests.Overload;

public sealed class ConnectionFloodTests
{
    private const int Connections = 2000;

    [Fact]
    public async Task Two_thousand_connections_at_once_are_held_or_closed_and_afterwards_all_is_as_before()
    {
        await using var edge = new EdgeApplication(
            "127.0.0.1:1", new Dictionary<string, string?> { ["Edge:Frames:FrameFile"] = "" });
        var early = edge.CreateClient();
        await edge.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, (await early.PostJpegAsync(Photo.Astronaut)).StatusCode);

        var flood = await Task.WhenAll(Enumerable.Range(0, Connections)
            .Select(_ => RawConnection.PostAsync(edge.ClientOptions.BaseAddress, "Content-Length: 1000")));
        var endings = flood.Select(connection => connection.ReadToEndAsync()).ToArray();
        await Eventually.HoldsAsync(
            () => endings.Count(ending => ending.IsCompleted) >= Connections - 1000,
            "those beyond the limit are closed");

        // Who was there first is served all the while.
        Assert.Equal(HttpStatusCode.OK, (await early.PostJpegAsync(Photo.Astronaut)).StatusCode);
        Assert.All(endings.Where(ending => ending.IsCompleted), ending => Assert.Equal("", ending.Result));

        foreach (var connection in flood)
            await connection.DisposeAsync();
        await Eventually.HoldsAsync(
            async () => await AnswersAsync(edge.ClientOptions.BaseAddress), "a new connection is served again");
    }

    private static async Task<bool> AnswersAsync(Uri edge)
    {
        await using var connection = await RawConnection.OpenAsync(edge);
        try
        {
            await connection.SendAsync("GET /alive HTTP/1.1\r\nHost: edge\r\n\r\n");
        }
        catch (IOException)
        {
            return false;
        }

        return (await connection.ReadAnswerAsync()).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
    }
}
