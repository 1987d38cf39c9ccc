using System.Collections.Concurrent;

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

        Assert.NotEqual(0, exitCode);
        Assert.Contains("\"device_id\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
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
