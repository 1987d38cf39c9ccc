using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EdgeCloud.Tests.Faults;

/// <summary>
/// A TCP proxy before the embedded broker. The broker says in its replies where it is to be found; the proxy puts its
/// own port there, so that clients stay with it. It passes Kafka's requests and replies on one by one and, when told
/// so, late, or only the first half of one, after which both connections are reset.
/// </summary>
internal sealed class KafkaProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPEndPoint _broker;
    private readonly byte[] _address;
    private readonly byte[] _ownAddress;
    private readonly Task _accepting;
    private readonly List<Cut> _cuts = [];
    private CancellationTokenSource _connected = new();

    private readonly record struct Cut(short ApiKey, bool IsReply);

    public KafkaProxy(string bootstrapServers)
    {
        _broker = IPEndPoint.Parse(bootstrapServers);
        _listener.Start();
        var own = (IPEndPoint)_listener.LocalEndpoint;
        BootstrapServers = own.ToString();
        _address = AsInReplies(_broker);
        _ownAddress = AsInReplies(own);
        _accepting = AcceptAsync();
    }

    /// <summary>host:port.</summary>
    public string BootstrapServers { get; }

    /// <summary>How late every reply is, the one after it waiting behind it.</summary>
    public TimeSpan ReplyDelay { get; set; }

    /// <summary>Whether whatever was to be cut has been.</summary>
    public bool HasCut
    {
        get
        {
            lock (_cuts)
                return _cuts.Count == 0;
        }
    }

    /// <summary>Resets all connections.</summary>
    public void Reset()
    {
        using var reset = Interlocked.Exchange(ref _connected, new CancellationTokenSource());
        reset.Cancel();
    }

    /// <summary>
    /// The next request of a kind, by its number in the Kafka protocol, reaches the broker by half, which
    /// then knows nothing of it.
    /// </summary>
    public void CutRequest(short apiKey) => Add(new Cut(apiKey, IsReply: false));

    /// <summary>
    /// The next reply to a request of a kind reaches the client by half, which then does not know
    /// what the broker has done.
    /// </summary>
    public void CutReply(short apiKey) => Add(new Cut(apiKey, IsReply: true));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _connected.Dispose();
        _stopping.Dispose();
    }

    /// <summary>The host as text, then the port, in all versions of the replies that have them.</summary>
    private static byte[] AsInReplies(IPEndPoint address)
    {
        var port = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(port, address.Port);
        return [.. "127.0.0.1"u8, .. port];
    }

    private void Add(Cut cut)
    {
        lock (_cuts)
            _cuts.Add(cut);
    }

    private bool TryTake(Cut cut)
    {
        lock (_cuts)
            return _cuts.Remove(cut);
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(RelayAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, _connected.Token);
        try
        {
            await broker.ConnectAsync(_broker, ended.Token);
            var asked = new ConcurrentQueue<short>();
            await Task.WhenAll(PassAsync(client, broker, asked, isReply: false, ended), PassAsync(
                broker, client, asked, isReply: true, ended));
        }
        catch (SocketException)
        {
            // The broker is away.
        }
        catch (OperationCanceledException)
        {
            // The proxy stops, or resets its connections.
        }

        // Without lingering the end of a connection is a reset.
        client.LingerState = broker.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Dispose();
    }

    /// <summary>Passes on what one side says until either side or the proxy ends it.</summary>
    /// <param name="asked">The kinds of the requests that have no reply yet; replies come in the same order.</param>
    private async Task PassAsync(
        Socket from, Socket to, ConcurrentQueue<short> asked, bool isReply, CancellationTokenSource ended)
    {
        try
        {
            using var stream = new NetworkStream(from, ownsSocket: false);
            var size = new byte[sizeof(int)];
            while (true)
            {
                await stream.ReadExactlyAsync(size, ended.Token);
                byte[] frame = [.. size, .. new byte[BinaryPrimitives.ReadInt32BigEndian(size)]];
                await stream.ReadExactlyAsync(frame.AsMemory(size.Length), ended.Token);
                short apiKey;
                if (isReply)
                {
                    asked.TryDequeue(out apiKey);
                    PutOwnAddress(frame);
                    await Task.Delay(ReplyDelay, ended.Token);
                }
                else
                {
                    apiKey = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(size.Length));
                    asked.Enqueue(apiKey);
                }

                var isCut = TryTake(new Cut(apiKey, isReply));
                await to.SendAsync(isCut ? frame.AsMemory(0, frame.Length / 2) : frame, ended.Token);
                if (isCut)
                    return;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One side has gone, and the other is to go too.
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private void PutOwnAddress(Span<byte> reply)
    {
        for (int at; (at = reply.IndexOf(_address)) >= 0; reply = reply[(at + _address.Length)..])
            _ownAddress.CopyTo(reply[at..]);
    }
}
