using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeCloud.Tests.Tools;

/// <summary>Commands that are asked to end before they are done.</summary>
public sealed class InterruptionTests
{
    [Fact]
    public async Task Load_stops_sending_and_reports_what_became_of_the_frames_so_far()
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        var sent = 0;
        await using var edge = await FakeEdge.StartAsync(async (frame, detectionEvent, context) =>
        {
            await scene.PublishAsync(detectionEvent);
            await FakeEdge.AcceptAsync(detectionEvent, context);
            Volatile.Write(ref sent, frame);
        });

        var (exitCode, output) = await InterruptAsync(
            () => sent >= 3, "load", "--seconds", "3600", "--fps", "20", "--edge", $"{edge.Address}",
            "--server", $"{server.BaseAddress}");

        Assert.True(exitCode == 0, output);
        Assert.Matches("accepted +[1-9]", output);
        Assert.Matches(@"lost +0\n", output);
    }

    [Fact]
    public async Task Send_stops_repeating()
    {
        var answers = new ConcurrentQueue<int>();
        await using var edge = await FakeEdge.StartAsync(async (frame, detectionEvent, context) =>
        {
            await FakeEdge.AcceptAsync(detectionEvent, context);
            answers.Enqueue(frame);
        });

        var (exitCode, output) = await InterruptAsync(
            () => answers.Count >= 2, "send", Photo.AstronautFile, "--repeat", "1000000", "--fps", "20",
            "--url", $"{edge.Address}");

        Assert.Equal(143, exitCode);
        Assert.Contains("\"device_id\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public static TheoryData<string> WaitingForAnAnswer =>
    [
        $"send {Photo.AstronautFile} --url http://ADDRESS",
        "smoke --url http://ADDRESS --server http://ADDRESS",
        "load --edge http://ADDRESS --server http://ADDRESS",
        "dlq list --kafka ADDRESS",
        "dlq replay --all --kafka ADDRESS",
        "carbon wait --below 1 --within 2h",
    ];

    [Theory]
    [MemberData(nameof(WaitingForAnAnswer))]
    public async Task What_waits_for_a_server_that_never_answers_ends_within_5_s(string command)
    {
        await WithEachSignalAsync(async (signal, exitCode) =>
        {
            using var server = new TcpListener(IPAddress.Loopback, 0);
            server.Start();
            var environment = new Dictionary<string, string?>
            {
                ["Carbon__Source"] = "CarbonAwareSdk",
                ["Carbon__Url"] = $"http://{server.LocalEndpoint}",
                ["Carbon__Timeout"] = "00:01:00",
                ["Carbon__Location"] = "DE",
            };
            using var process = ChildProcess.Start(
                ChildProcess.FromTerminal(
                    "edgecloud", command.Replace("ADDRESS", $"{server.LocalEndpoint}", StringComparison.Ordinal)
                        .Split(' ')),
                environment);
            using var connection = await server.AcceptTcpClientAsync().WaitAsync(Eventually.FarTooLong);
            await EndsAsync(process, signal, exitCode);
        });
    }

    [Fact]
    public async Task What_waits_until_it_looks_again_ends_within_5_s()
    {
        var environment = new Dictionary<string, string?>
        {
            ["Carbon__Source"] = "Fixed",
            ["Carbon__GramsPerKwh"] = "400",
        };
        await WithEachSignalAsync(async (signal, exitCode) =>
        {
            using var process = ChildProcess.Start(
                ChildProcess.FromTerminal("edgecloud", "carbon", "wait", "--below", "1", "--within", "2h"),
                environment);
            await process.LineAsync("g/kWh");
            await EndsAsync(process, signal, exitCode);
        });
    }

    /// <summary>Reading from a pipe to which nobody writes cannot be cancelled.</summary>
    [Theory]
    [InlineData("send", "PIPE", "--url", "http://127.0.0.1:1")]
    [InlineData("load", "--photo", "PIPE")]
    [InlineData("carbon", "simulate", "--intensity", "PIPE")]
    public async Task What_cannot_be_cancelled_is_ended_within_5_s(params string[] arguments)
    {
        await WithEachSignalAsync(async (signal, exitCode) =>
        {
            using var folder = new TemporaryFolder();
            var pipe = folder.File("pipe");
            await ChildProcess.SucceedAsync(["mkfifo", pipe]);
            using var process = ChildProcess.Start(ChildProcess.FromTerminal(
                "edgecloud", arguments.Select(argument => argument == "PIPE" ? pipe : argument)));

            // Opens when the other side does.
            await using var silent = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write))
                .WaitAsync(Eventually.FarTooLong);
            await EndsAsync(process, signal, exitCode);
        });
    }

    [Theory]
    [InlineData("docker info", "doctor")]
    [InlineData("git log", "images", "--builder", "docker")]
    [InlineData("docker build", "images", "--builder", "docker")]
    [InlineData("minikube status", "minikube", "status")]
    [InlineData("minikube start", "minikube", "up", "--memory", "1", "--images", "/tmp")]
    [InlineData("kubectl --context minikube --namespace edgecloud get", "minikube", "logs")]
    [InlineData("kubectl --context minikube delete", "minikube", "down")]
    public async Task A_tool_that_never_ends_is_ended_too(string hanging, params string[] arguments)
    {
        await WithEachSignalAsync(async (signal, exitCode) =>
        {
            using var tools = new RecordedTools();
            if (!hanging.StartsWith("minikube", StringComparison.Ordinal))
                tools.On("minikube", "status *", "exit 0");
            var program = hanging.Split(' ')[0];
            tools.On(program, $"{hanging[(program.Length + 1)..]}*", "read -r -t 60 <> <(:)");
            using var process = tools.Start(arguments);
            await Eventually.HoldsAsync(
                () => tools.Calls.Any(call => call.StartsWith(hanging, StringComparison.Ordinal)) || process.HasExited,
                $"{hanging} is called");
            var started = Processes.ChildrenOf(process.Id);

            await EndsAsync(process, signal, exitCode);

            Assert.NotEmpty(started);
            await Eventually.HoldsAsync(
                () => !started.Any(Processes.IsAlive), "what was started has ended");
        });
    }

    [Fact]
    public Task Analyse_ends_and_leaves_no_ffmpeg_behind() => WithEachSignalAsync(async (signal, exitCode) =>
    {
        using var folder = new TemporaryFolder();
        var (video, events) = (folder.File("hours.mkv"), folder.File("events.jsonl"));
        await FakeCamera.FfmpegAsync("-f", "lavfi", "-i", "color=gray:s=64x64:r=30:d=3600", "-c:v", "mpeg4", video);
        using var process = ChildProcess.Start(
            ChildProcess.FromTerminal("edgecloud", "analyse", video, "--out", events));
        await Eventually.HoldsAsync(
            () => new FileInfo(events + ".part") is { Exists: true, Length: > 0 } || process.HasExited,
            "it is at work");
        var started = Processes.ChildrenOf(process.Id);

        await EndsAsync(process, signal, exitCode);

        Assert.NotEmpty(started);
        await Eventually.HoldsAsync(() => !started.Any(Processes.IsAlive), "what was started has ended");
        Assert.False(File.Exists(events));
    });

    [Fact]
    public Task Publish_ends_and_leaves_no_AppHost_behind() => WithEachSignalAsync(async (signal, exitCode) =>
    {
        using var folder = new TemporaryFolder();
        using var process = ChildProcess.Start(
            ChildProcess.FromTerminal("edgecloud", "publish", "--output", folder.Path));
        await Eventually.HoldsAsync(
            () => Processes.ChildrenOf(process.Id).Count > 0 || process.HasExited, "the AppHost is started");
        var started = Processes.ChildrenOf(process.Id);

        await EndsAsync(process, signal, exitCode);

        Assert.NotEmpty(started);
        await Eventually.HoldsAsync(() => !started.Any(Processes.IsAlive), "what was started has ended");
    });

    [Fact]
    public async Task Load_reports_within_5_s_although_server_and_broker_have_gone()
    {
        await WithEachSignalAsync(async (signal, _) =>
        {
            await using var scene = new ServerScene();
            var server = await scene.StartServerAsync();
            var sent = 0;
            await using var edge = await FakeEdge.StartAsync(async (frame, detectionEvent, context) =>
            {
                Volatile.Write(ref sent, frame);
                if (frame > 3)
                    await Task.Delay(Timeout.Infinite, context.RequestAborted)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await FakeEdge.AcceptAsync(detectionEvent, context);
            });
            using var process = ChildProcess.Start(ChildProcess.FromTerminal(
                "edgecloud", "load", "--seconds", "3600", "--fps", "20", "--edge", $"{edge.Address}",
                "--server", $"{server.BaseAddress}", "--kafka", scene.BootstrapServers));
            await Eventually.HoldsAsync(() => sent > 3 || process.HasExited, "an answer is waited for");
            scene.Broker.GoAway();
            await scene.StopServerAsync();

            var report = await EndsAsync(process, signal, exitCode: 1);

            Assert.Matches("accepted +3 ", report.Output);
            Assert.Matches("not read to its end", report.Output);
            Assert.Matches(@"lost +3\b", report.Output);
        });
    }

    private static Task WithEachSignalAsync(Func<string, int, Task> test) =>
        Task.WhenAll(test("TERM", 143), test("INT", 130));

    private static async Task<Finished> EndsAsync(ChildProcess process, string signal, int exitCode)
    {
        var asked = Stopwatch.GetTimestamp();
        await process.SignalAsync(signal);
        var ended = await process.EndAsync();
        var after = Stopwatch.GetElapsedTime(asked);

        Assert.True(after < TimeSpan.FromSeconds(5), $"SIG{signal}: {after}: {ended.Text}");
        Assert.True(ended.ExitCode == exitCode, $"SIG{signal}: {ended.ExitCode}: {ended.Text}");
        Assert.DoesNotContain("   at ", ended.Text, StringComparison.Ordinal);
        return ended;
    }

    /// <summary>SIGTERM, since a process may have been started with SIGINT ignored; both take the same way.</summary>
    private static async Task<(int ExitCode, string Output)> InterruptAsync(
        Func<bool> atWork, params string[] arguments)
    {
        using var command = ChildProcess.Start(ChildProcess.Dotnet("edgecloud", arguments));
        await Eventually.HoldsAsync(() => atWork() || command.HasExited, "the command is at work");
        await command.SignalAsync("TERM");
        var ended = await command.EndAsync();
        return (ended.ExitCode, ended.Text);
    }
}
