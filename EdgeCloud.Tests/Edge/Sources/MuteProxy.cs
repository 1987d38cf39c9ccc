using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeCloud.Tests.Edge.Sources;

/// <summary>
/// Before an RTSP server, a camera that agrees to send over TCP and then sends nothing there: what comes interleaved
/// with the answers is dropped. Over UDP the server sends past it.
/// </summary>
internal sealed class MuteProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _serving;

    public MuteProxy(int serverPort)
    {
        _listener.Start();
        _serving = ServeAsync(serverPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _serving;
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task ServeAsync(int serverPort)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_ended.Token), serverPort));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient client, int serverPort)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, serverPort, _ended.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _ended.Token),
                    AnswersAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // One of them is gone.
            }
        }
    }

    private async Task AnswersAsync(Stream server, Stream client)
    {
        var buffer = new byte[65_536];
        while (true)
        {
            await server.ReadExactlyAsync(buffer.AsMemory(0, 1), _ended.Token);
            if (buffer[0] == '$')
            {
                await server.ReadExactlyAsync(buffer.AsMemory(0, 3), _ended.Token);
                await server.ReadExactlyAsync(buffer.AsMemory(0, (buffer[1] << 8) | buffer[2]), _ended.Token);
                continue;
            }

            var answer = new List<byte> { buffer[0] };
            while (!answer[^Math.Min(4, answer.Count)..].SequenceEqual("\r\n\r\n"u8.ToArray()))
            {
                await server.ReadExactlyAsync(buffer.AsMemory(0, 1), _ended.Token);
                answer.Add(buffer[0]);
            }

            const string length = "Content-Length: ";
            var body = Encoding.ASCII.GetString([.. answer]).Split("\r\n")
                .Where(line => line.StartsWith(length, StringComparison.OrdinalIgnoreCase))
                .Sum(line => int.Parse(line[length.Length..], CultureInfo.InvariantCulture));
            await server.ReadExactlyAsync(buffer.AsMemory(0, body), _ended.Token);
            await client.WriteAsync(answer.Concat(buffer[..body]).ToArray(), _ended.Token);
        }
    }
}
