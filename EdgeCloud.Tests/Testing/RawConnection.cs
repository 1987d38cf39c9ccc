using System.Net.Sockets;
using System.Text;

namespace EdgeCloud.Tests.Testing;

/// <summary>A connection on which a test says what no HTTP client would.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        return new RawConnection(socket);
    }

    /// <summary>The head of a POST /frame with an image, and nothing of its body.</summary>
    /// <param name="server">The edge.</param>
    /// <param name="length">The line that tells the body's length.</param>
    public static async Task<RawConnection> PostAsync(Uri server, string length)
    {
        var connection = await OpenAsync(server);
        await connection.SendAsync(
            $"POST /frame HTTP/1.1\r\nHost: edge\r\nContent-Type: image/jpeg\r\n{length}\r\n\r\n");
        return connection;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Sends again and again until the other side closes.</summary>
    public async Task SendUntilClosedAsync(byte[] bytes, TimeSpan pause)
    {
        try
        {
            while (true)
            {
                await SendAsync(bytes);
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause);
            }
        }
        catch (IOException)
        {
            // Closed, which is what this waits for.
        }
    }

    /// <returns>What the other side has said by the time it closes, or cuts, the connection.</returns>
    public async Task<string> ReadToEndAsync()
    {
        var said = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer) is > 0 and var read)
                said.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Cut.
        }

        return said.ToString();
    }

    /// <returns>The first piece of an answer, which holds its status line; empty when the connection is
    /// closed instead.</returns>
    public async Task<string> ReadAnswerAsync()
    {
        try
        {
            var buffer = new byte[4096];
            return Encoding.Latin1.GetString(buffer, 0, await _stream.ReadAsync(buffer));
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }
}
