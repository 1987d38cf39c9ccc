using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeCloud.AppHost.Brokers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Sources;

public sealed class SourceTests
{
    [Fact]
    public async Task MJPEG_over_HTTP_is_watched()
    {
        await using var camera = LocalServer.Create();
        camera.MapGet("/video.mjpg", SendMjpegAsync);
        await camera.StartAsync();
        await using var scene = new SourceScene(
            ("Edge:Sources:0:Url", $"{camera.Urls.First()}/video.mjpg?token=s3cret"),
            ("Edge:Sources:0:Device", "stream"));

        await scene.PersonIsSeenAsync("stream");
        Assert.DoesNotContain("s3cret", await scene.Client.GetStringAsync("/sources"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_over_HTTPS_with_a_password_are_watched()
    {
        using var certificate = SelfSigned();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(server =>
            server.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate)));
        builder.Logging.ClearProviders();
        await using var camera = builder.Build();
        camera.MapGet("/snapshot.jpg", (HttpContext context) =>
        {
            if (context.Request.Headers.Authorization == $"Basic {Convert.ToBase64String("viewer:pa55word"u8)}")
                return Results.Bytes(Photo.Astronaut, "image/jpeg");
            context.Response.Headers.WWWAuthenticate = "Basic realm=camera";
            return Results.Unauthorized();
        });
        await camera.StartAsync();
        var address = camera.Urls.First().Replace("://", "://viewer:pa55word@", StringComparison.Ordinal);
        await using var scene = new SourceScene(
            ("Edge:Sources:0:Url", $"{address}/snapshot.jpg"), ("Edge:Sources:0:Device", "snapshot"),
            ("Edge:Sources:0:Fps", "10"));

        await scene.PersonIsSeenAsync("snapshot");
        await Eventually.HoldsAsync(
            async () => (await scene.SourceAsync()).GetProperty("frames").GetInt64() >= 3, "snapshots go on");
        Assert.Equal("running", (await scene.SourceAsync()).GetProperty("state").GetString());
        Assert.Equal(0, (await scene.SourceAsync()).GetProperty("restarts").GetInt64());
    }

    [Fact]
    public async Task Of_a_file_that_is_read_as_fast_as_it_goes_every_frame_is_on_Kafka_in_its_order()
    {
        using var folder = new TemporaryFolder();
        using var broker = new EmbeddedBroker(1, "edge-data");
        await using var scene = new SourceScene(
            broker.BootstrapServers,
            ("Edge:Sources:0:Url", await TestVideo.WalkAsync(folder)), ("Edge:Sources:0:Device", "walk"),
            ("Edge:Sources:0:Fps", "5"), ("Edge:Sources:0:RealTime", "false"));

        var messages = TopicReader.Read(broker.BootstrapServers, 20).ToArray();
        var events = messages.Select(message => Testing.Events.Read(message.Value)).ToArray();
        Assert.Equal(Enumerable.Range(1, 20), events.Select(one => (int)one.Frame!.Sequence));
        Assert.Matches("^0+1+0+$", string.Concat(events.Select(one => one.PersonsDetected)));
        Assert.All(
            messages, message => Assert.True(message.Value.AsSpan().IndexOf("\"source\":\"file\""u8) > 0));
        await scene.StateIsAsync("ended");
        Assert.Equal(20, (await scene.SourceAsync()).GetProperty("frames").GetInt64());
    }

    [Fact]
    public async Task A_file_is_watched_once_or_in_a_loop_at_the_rate_that_is_set()
    {
        using var folder = new TemporaryFolder();
        var file = await TestVideo.PhotoAsync(folder);
        await using var scene = new SourceScene(
            ("Edge:Sources:0:Url", file), ("Edge:Sources:0:Device", "once"), ("Edge:Sources:0:Fps", "5"),
            ("Edge:Sources:1:Url", file), ("Edge:Sources:1:Device", "loop"), ("Edge:Sources:1:Fps", "5"),
            ("Edge:Sources:1:Loop", "true"));

        await scene.PersonIsSeenAsync("loop");
        await scene.StateIsAsync("ended");
        await Eventually.HoldsAsync(
            async () => (await scene.SourceAsync(1)).GetProperty("frames").GetInt64() > 6, "it began again");
        Assert.InRange((await scene.SourceAsync()).GetProperty("frames").GetInt64(), 4, 6);
        Assert.Contains("sources: Healthy", await scene.Client.GetStringAsync("/health?verbose"));
        var newest = await (await scene.Client.GetAsync("/boxes?device_id=loop")).EventAsync();
        Assert.Equal(200, newest.GetProperty("next_frame_ms").GetInt32());
        var metrics = await scene.Client.GetStringAsync("/metrics");
        Assert.Matches("""(?m)^edgecloud_source_up\{[^}]*device_id="loop"[^}]*\} 1""", metrics);
        Assert.DoesNotMatch("""(?m)^edgecloud_source_up\{[^}]*device_id="once"[^}]*\}""", metrics);
    }

    [Fact]
    public async Task A_USB_camera_that_is_not_there_is_waited_for()
    {
        await using var scene = new SourceScene(
            ("Edge:Sources:0:Url", "/dev/video99"), ("Edge:Sources:0:Device", "usb"));
        await scene.StateIsAsync("waiting");
        Assert.Contains(
            "No such file or directory", (await scene.SourceAsync()).GetProperty("reason").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_hangs_is_ended_and_does_not_disturb_the_others_and_the_edges_end_ends_all()
    {
        using var folder = new TemporaryFolder();
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        int[] ffmpegs;
        await using (var scene = new SourceScene(
            ("Edge:Sources:0:Url", $"rtsp://{mute.LocalEndpoint}/camera"), ("Edge:Sources:0:Device", "mute"),
            ("Edge:Sources:0:Timeout", "00:00:01"),
            ("Edge:Sources:1:Url", await TestVideo.PhotoAsync(folder)), ("Edge:Sources:1:Device", "other"),
            ("Edge:Sources:1:Loop", "true")))
        {
            await scene.StateIsAsync("waiting");
            Assert.StartsWith(
                "No frame came for", (await scene.SourceAsync()).GetProperty("reason").GetString(),
                StringComparison.Ordinal);
            await scene.PersonIsSeenAsync("other");
            ffmpegs = SourceScene.Ffmpegs(Environment.ProcessId, folder.Path);
            Assert.Single(ffmpegs);
        }

        Assert.All(ffmpegs, id => Assert.Empty(SourceScene.Read($"/proc/{id}", "cmdline")));
    }

    [Fact]
    public async Task No_ffmpeg_outlives_an_edge_that_was_killed()
    {
        using var folder = new TemporaryFolder();
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var edge = await EdgeProcess.StartAsync(
            "127.0.0.1:1", folder.File("outbox.db"), "--Edge:Sources:0:Device=mute", "--Edge:Sources:0:Timeout=0:0:1",
            $"--Edge:Sources:0:Url=rtsp://{mute.LocalEndpoint}/camera", "--Edge:Sources:1:Device=loop",
            $"--Edge:Sources:1:Url={await TestVideo.PhotoAsync(folder)}", "--Edge:Sources:1:Loop=true");
        int[] ffmpegs = [];
        await Eventually.HoldsAsync(
            () => (ffmpegs = SourceScene.Ffmpegs(edge.Id)).Length == 2, "both sources have their ffmpeg");

        await ChildProcess.SucceedAsync(["kill", "-s", "KILL", $"{edge.Id}"]);
        await Eventually.HoldsAsync(
            () => ffmpegs.All(id => SourceScene.Read($"/proc/{id}", "cmdline").Length == 0), "they have ended");
    }

    [Fact]
    public async Task Without_ffmpeg_the_edge_runs_and_says_which_package_is_missing()
    {
        using var folder = new TemporaryFolder();
        using var edge = ChildProcess.Start(
            [
                Environment.ProcessPath!, .. ChildProcess.Dotnet(
                    "EdgeCloud.Edge", "--urls=http://127.0.0.1:0", "--ConnectionStrings:kafka=127.0.0.1:1",
                    $"--Edge:Events:OutboxPath={folder.File("outbox.db")}", "--Edge:Frames:FrameFile=",
                    "--Edge:Sources:0:Url=rtsp://127.0.0.1:1/x", "--Edge:Sources:0:Device=door").Skip(1),
            ],
            new Dictionary<string, string?> { ["PATH"] = folder.Path });
        const string listening = "Now listening on: ";
        var address = (await edge.LineAsync(listening)).Split(listening)[1];
        await edge.LineAsync("install the package ffmpeg");

        using var client = new HttpClient { BaseAddress = new Uri(address) };
        var sources = await client.GetStringAsync("/sources");
        Assert.Contains("\"failed\"", sources, StringComparison.Ordinal);
        Assert.Contains("install the package ffmpeg", sources, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);
    }

    private static async Task SendMjpegAsync(HttpContext context)
    {
        context.Response.ContentType = "multipart/x-mixed-replace; boundary=frame";
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            await context.Response.WriteAsync(
                $"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {Photo.Astronaut.Length}\r\n\r\n");
            await context.Response.Body.WriteAsync(Photo.Astronaut);
            await context.Response.WriteAsync("\r\n");
            await context.Response.Body.FlushAsync();
        }
        while (await pace.WaitForNextTickAsync(context.RequestAborted));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=camera", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
