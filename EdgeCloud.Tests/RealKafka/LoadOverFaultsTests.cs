using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EdgeCloud.Contract;
using Xunit.Abstractions;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>
/// <c>./edgecloud load</c> against an edge and a server whose Kafka is taken from them. EDGECLOUD_TEST_LOAD=full asks
/// for ten devices and a minute.
/// </summary>
public sealed partial class LoadOverFaultsTests(ITestOutputHelper output) : IDisposable
{
    private const int FramesPerSecond = 5;

    private static readonly (int Devices, int Seconds) Size =
        Environment.GetEnvironmentVariable("EDGECLOUD_TEST_LOAD") == "full" ? (10, 60) : (3, 12);

    private readonly TemporaryFolder _folder = new();
    private int _seconds = Size.Seconds;

    public void Dispose() => _folder.Dispose();

    [KafkaFact(nightly: true)]
    public async Task Every_accepted_event_is_on_a_log_or_in_the_outbox_and_none_is_double()
    {
        var starting = Stopwatch.GetTimestamp();
        await using var broker = await KafkaBroker.StartAsync(null, "auto.create.topics.enable=false");

        // Frames have to come before, between and after two more starts, however long they take here.
        _seconds = Math.Max(_seconds, (int)(4 * Stopwatch.GetElapsedTime(starting).TotalSeconds));
        await broker.CreateTopicsAsync(6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        using var server = ServerProcess.Start(broker.BootstrapServers);
        await using var edge = await EdgeProcess.StartAsync(broker.BootstrapServers, _folder.File("outbox.db"));
        await server.IsReadyAsync();
        using var load = StartLoad(edge, server, broker, "--patience", "60");

        await IsAcceptedAsync(edge, sixths: 1);
        await Eventually.HoldsAsync(async () => await server.EventsAsync() > 0, "the server reads");
        broker.Kill();
        await IsAcceptedAsync(edge, sixths: 2);
        await broker.StartAgainAsync();
        await IsAcceptedAsync(edge, sixths: 3);
        await broker.MakeAnewAsync(6, DetectionTopic.Name);
        await IsAcceptedAsync(edge, sixths: 4);
        broker.Kill();
        await IsAcceptedAsync(edge, sixths: 5);
        await broker.StartAgainAsync();
        var report = (await load.EndAsync()).Text;
        output.WriteLine(report);

        // On a busy machine some are not sent, or rejected; it is the accepted ones that count.
        var due = Size.Devices * FramesPerSecond * _seconds;
        Assert.InRange(Number(Accepted(), report), due / 2, due);
        Assert.Equal(Number(Accepted(), report), Number(OnKafka(), report) + NumberUnread(report));
        Assert.InRange(Number(Before(), report), 1, Number(OnKafka(), report) - 1);
        Assert.Equal(0, Number(InOutbox(), report));
        Assert.Equal(0, Number(Nowhere(), report));
        Assert.Equal(0, Number(Duplicates(), report));
        Assert.DoesNotContain("not read to its end", report, StringComparison.Ordinal);
    }

    [KafkaFact(nightly: true)]
    public async Task A_topic_that_is_deleted_under_it_does_not_hold_it_up_and_what_it_held_is_told()
    {
        await using var broker = await KafkaBroker.StartAsync(null, "auto.create.topics.enable=false");
        await broker.CreateTopicsAsync(6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        using var server = ServerProcess.Start(broker.BootstrapServers);
        await using var edge = await EdgeProcess.StartAsync(broker.BootstrapServers, _folder.File("outbox.db"));
        await server.IsReadyAsync();
        using var load = StartLoad(edge, server, broker, "--patience", "3");

        await IsAcceptedAsync(edge, sixths: 1);
        await broker.DeleteTopicsAsync(DetectionTopic.Name);
        var ended = await load.EndAsync();

        Assert.True(ended.ExitCode == 1, ended.Text);
        Assert.NotEqual(0, Number(Before(), ended.Text));
        Assert.Equal(Number(OnKafka(), ended.Text), Number(Before(), ended.Text));
        Assert.Equal(
            Number(Accepted(), ended.Text),
            Number(OnKafka(), ended.Text) + NumberUnread(ended.Text) + Number(InOutbox(), ended.Text));
        Assert.Equal(0, Number(Nowhere(), ended.Text));
    }

    private ChildProcess StartLoad(
        EdgeProcess edge, ServerProcess server, KafkaBroker broker, params string[] options) =>
        ChildProcess.Start(
        [
            .. ChildProcess.Dotnet(
                "edgecloud", "load", "--devices", $"{Size.Devices}", "--fps", $"{FramesPerSecond}",
                "--seconds", $"{_seconds}", "--edge", $"{edge.Client.BaseAddress}",
                "--server", $"{server.Http.BaseAddress}", "--kafka", broker.BootstrapServers),
            .. options,
        ]);

    /// <summary>Returns when so much of the run has been accepted.</summary>
    private Task IsAcceptedAsync(EdgeProcess edge, int sixths) => Eventually.HoldsAsync(
        async () => AcceptedFrames().Match(await edge.Client.GetStringAsync("/metrics")) is { Success: true } frames
            && int.Parse(frames.Groups[1].Value, CultureInfo.InvariantCulture)
                >= Size.Devices * FramesPerSecond * _seconds * sixths / 6,
        $"{sixths} sixths of the frames are accepted");

    /// <summary>What Kafka had confirmed and was not read before its log was deleted.</summary>
    private static int NumberUnread(string report) => Unread().IsMatch(report) ? Number(Unread(), report) : 0;

    private static int Number(Regex line, string report)
    {
        var match = line.Match(report);
        Assert.True(match.Success, $"No {line} in: {report}");
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""(?m)^edgecloud_frames_total\{.*outcome="accepted".*\} (\d+)""")]
    private static partial Regex AcceptedFrames();

    [GeneratedRegex(@"(?m)^accepted +(\d+)")]
    private static partial Regex Accepted();

    [GeneratedRegex(@"(?m)^on Kafka +(\d+)")]
    private static partial Regex OnKafka();

    [GeneratedRegex(@"(?m)^on Kafka .* of them (\d+) on it before")]
    private static partial Regex Before();

    [GeneratedRegex(@"(?m)^in outbox +(\d+)")]
    private static partial Regex InOutbox();

    [GeneratedRegex(@"(?m)^unread +(\d+)")]
    private static partial Regex Unread();

    [GeneratedRegex(@"(?m)^nowhere +(\d+)")]
    private static partial Regex Nowhere();

    [GeneratedRegex(@"(?m)^duplicates +(\d+) on Kafka")]
    private static partial Regex Duplicates();
}
