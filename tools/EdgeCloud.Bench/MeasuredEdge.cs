using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using EdgeCloud.Contract;

namespace EdgeCloud.Bench;

/// <summary>One edge in a process of its own, its camera, and what came of them.</summary>
internal sealed class MeasuredEdge : IAsyncDisposable
{
    private readonly ServiceProcess _process;

    private MeasuredEdge(CameraPlan plan, ServiceProcess process) => (Plan, _process) = (plan, process);

    public CameraPlan Plan { get; }

    public long Frames { get; private set; }

    public long Unchanged { get; private set; }

    /// <summary>Frames whose event counts other persons than the models find in that picture.</summary>
    public long Wrong { get; private set; }

    /// <summary>The marginal energy that the events told of.</summary>
    public double Joules { get; private set; }

    /// <summary>Of the whole process, while the camera played.</summary>
    public TimeSpan CpuTime { get; private set; }

    /// <summary>From the moment when the models could have found who came in, to the answer that counts them.</summary>
    public TimeSpan WorstDelay { get; private set; }

    public static async Task<MeasuredEdge> StartAsync(CameraPlan plan, string bootstrapServers, string outboxPath) =>
        new(plan, await ServiceProcess.StartAsync("EdgeCloud.Edge",
        [
            ("ConnectionStrings:kafka", bootstrapServers), ("Edge:Events:OutboxPath", outboxPath),
            ("Edge:Frames:FrameFile", ""), ("Edge:Frames:MaxFramesPerSecond", "1000"),
            ("Edge:MotionGate:Enabled", $"{plan.Gate}"), ("Edge:Frames:FrameInterval", $"{plan.Interval}"),
            ("Edge:Inference:MaxWait", "00:00:10"), ("Logging:LogLevel:Default", "Warning"),
        ]));

    /// <returns>How many persons the models find at each of the scene's positions, each picture
    /// taken for itself.</returns>
    public async Task<int[]> TruthAsync(RecordedScene scene)
    {
        var persons = new int[scene.Positions];
        for (var i = 0; i < persons.Length; i++)
            persons[i] = (await PostAsync(
                scene.Picture(i, 0), string.Create(CultureInfo.InvariantCulture, $"truth-{i}"))).PersonsDetected;
        return persons;
    }

    /// <param name="scene">What the camera sees.</param>
    /// <param name="persons">How many are found at each position.</param>
    /// <param name="started">When the first scene began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="duration">How long to play.</param>
    public async Task PlayAsync(RecordedScene scene, int[] persons, long started, TimeSpan duration)
    {
        var visible = scene.Start(Array.FindIndex(persons, count => count > 0));
        var cpu = _process.CpuTime;
        var seenIn = -1;
        for (var due = TimeSpan.Zero; due < duration;)
        {
            if (due - Stopwatch.GetElapsedTime(started) is var early && early > TimeSpan.Zero)
                await Task.Delay(early);
            var now = Stopwatch.GetElapsedTime(started);
            var position = scene.At(now);
            var found = await PostAsync(scene.Picture(position, Frames), "camera");

            Frames++;
            Joules += found.EnergyJoules ?? 0;
            Unchanged += found.Unchanged == true ? 1 : 0;
            Wrong += found.PersonsDetected != persons[position] ? 1 : 0;
            var round = (int)(now / RecordedScene.Length);
            if (found.PersonsDetected > 0 && seenIn < round)
            {
                seenIn = round;
                var delay = Stopwatch.GetElapsedTime(started) - (round * RecordedScene.Length) - visible;
                WorstDelay = delay > WorstDelay ? delay : WorstDelay;
            }

            var wait = Plan.Pacing ? TimeSpan.FromMilliseconds(found.NextFrameMs ?? 0) : Plan.Interval;
            due = Plan.Pacing ? now + wait : due + wait;
        }

        CpuTime = _process.CpuTime - cpu;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<DetectionEvent> PostAsync(byte[] jpeg, string deviceId)
    {
        using var content = new ByteArrayContent(jpeg);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await _process.Http.PostAsync($"/frame?device_id={deviceId}", content);
        var json = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return DetectionEventJson.TryRead(json, out var found, out var reason)
            ? found
            : throw new InvalidDataException(reason);
    }
}
