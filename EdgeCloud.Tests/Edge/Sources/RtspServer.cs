using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeCloud.Tests.Edge.Sources;

/// <summary>An RTSP server of a program that others wrote, showing a person to whoever has the password.</summary>
internal sealed class RtspServer : IDisposable
{
    public const string User = "viewer";
    public const string Password = "pa55word";

    private const string Listening = "listening on ";

    private readonly ChildProcess _process;

    private RtspServer(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>GStreamer's, with JPEGs.</summary>
    /// <param name="protocol">tcp, udp or both; another one is refused.</param>
    /// <param name="port">0 for any.</param>
    public static async Task<RtspServer> StartAsync(string protocol, int port = 0)
    {
        // Debian's own Python, which alone has the bindings.
        var process = ChildProcess.Start(
        [
            "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Edge", "Sources", "rtsp-server.py"), $"{port}",
            Photo.AstronautFile, protocol, User, Password,
        ]);
        var line = await process.LineAsync(Listening);
        return new RtspServer(process, int.Parse(line.Split(Listening)[1], CultureInfo.InvariantCulture));
    }

    /// <summary>VLC's, with H.264, over UDP alone.</summary>
    /// <param name="folder">With a video.</param>
    /// <param name="video">Shown again and again.</param>
    public static async Task<RtspServer> StartVlcAsync(TemporaryFolder folder, string video)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        // VLC does not run as root.
        await ChildProcess.SucceedAsync(["chmod", "a+rx", folder.Path]);
        string[] asNobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
        var process = ChildProcess.Start(
        [
            .. asNobody, "vlc", "-I", "dummy", "--loop", "--no-audio", "--sout",
            $"#rtp{{sdp=rtsp://127.0.0.1:{port}/camera}}", "--sout-keep", "--sout-rtsp-user", User,
            "--sout-rtsp-pwd", Password, video,
        ]);
        return new RtspServer(process, port);
    }

    public string Address(string password = Password) => $"rtsp://{User}:{password}@127.0.0.1:{Port}/camera";

    public void Dispose() => _process.Dispose();
}
