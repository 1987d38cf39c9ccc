using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>
/// Sends the bytes of a request as they are, which no HTTP client does, on a connection of their own, and reads one
/// reply.
/// </summary>
internal static class RawHttp
{
    private const string Length = "Content-Length:";
    private static readonly string[] Targets = ["/frame", InputMaker.RetryPath];

    private const int MaxReplyBytes = 16 * 1024 * 1024;

    private static ReadOnlySpan<byte> EndOfLine => "\r\n"u8;

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    /// <returns>The reply, or null when the connection was closed without a whole one.</returns>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<RawReply?> ExchangeAsync(Uri address, byte[] request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, cancellationToken);

        // Closes with a reset: tens of thousands of connections a minute would otherwise use up the ports, each waiting
        // a minute for stragglers.
        socket.LingerState = new LingerOption(true, 0);
        try
        {
            var reading = ReadAsync(socket, cancellationToken);
            await SendAsync(socket, request, cancellationToken);

            // Of a request that is not whole, the end is all that can still be said; after a whole one it would mean
            // that nobody waits for the reply.
            if (!IsWhole(request))
                socket.Shutdown(SocketShutdown.Send);
            return await reading;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Whether it is a request that has to be answered: a head, and the body that it announces.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> request)
    {
        if (request.IndexOf(EndOfHead) is not (> 0 and var end))
            return false;
        var lines = Encoding.Latin1.GetString(request[..end]).Split("\r\n");
        var body = request[(end + EndOfHead.Length)..];
        var lengths = lines
            .Where(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase))
            .Select(line => line[Length.Length..]).ToArray();
        return Targets.Any(target => lines[0].StartsWith($"POST {target}", StringComparison.Ordinal))
            && lines[0].EndsWith(" HTTP/1.1", StringComparison.Ordinal)
            && (lengths.Length == 1
                ? int.TryParse(lengths[0], CultureInfo.InvariantCulture, out var length)
                    && length >= 0 && length <= body.Length
                : lengths.Length == 0 && lines.Contains("Transfer-Encoding: chunked") && Unchunked(body) is not null);
    }

    private static async Task SendAsync(
        Socket socket, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            while (!request.IsEmpty)
                request = request[await socket.SendAsync(request, cancellationToken)..];
        }
        catch (SocketException)
        {
            // Refused before it was read to the end: the reply says so.
        }
    }

    private static async Task<RawReply?> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (received.Length < MaxReplyBytes)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (read == 0)
                return null;
            received.Write(buffer, 0, read);
            if (Parse(received.GetBuffer().AsSpan(0, (int)received.Length)) is { } reply)
                return reply;
        }

        return null;
    }

    /// <returns>Null while it is not whole.</returns>
    private static RawReply? Parse(ReadOnlySpan<byte> received)
    {
        while (received.IndexOf(EndOfHead) is >= 0 and var end)
        {
            var lines = Encoding.Latin1.GetString(received[..end]).Split("\r\n");
            var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
            received = received[(end + EndOfHead.Length)..];
            if (status >= 200)
                return Body(received, headers) is { } body ? new RawReply(status, headers, body) : null;
        }

        return null;
    }

    private static byte[]? Body(ReadOnlySpan<byte> received, Dictionary<string, string> headers)
    {
        if (headers.ContainsKey("Transfer-Encoding"))
            return Unchunked(received);
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        return received.Length >= length ? received[..length].ToArray() : null;
    }

    /// <returns>Null when it does not end, or is not in chunks.</returns>
    private static byte[]? Unchunked(ReadOnlySpan<byte> chunks)
    {
        List<byte> body = [];
        while (Utf8Parser.TryParse(chunks, out int size, out _, 'x') && size >= 0
            && chunks.IndexOf(EndOfLine) is >= 0 and var line)
        {
            chunks = chunks[(line + EndOfLine.Length)..];
            if (chunks.Length - EndOfLine.Length < size || !chunks[size..].StartsWith(EndOfLine))
                return null;
            if (size == 0)
                return [.. body];
            body.AddRange(chunks[..size]);
            chunks = chunks[(size + EndOfLine.Length)..];
        }

        return null;
    }
}

/// <param name="Body">Without chunks.</param>
internal sealed record RawReply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
