using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>memory POSE MINUTES</c>: what an edge process has resident before any frame, a minute after a minute of frames of
/// all sizes, four at once, and so many minutes long with twelve devices that send four frames a second each.
/// </summary>
internal static class MemoryMeasurement
{
    private const int Clients = 4;
    private const int Devices = 12;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <param name="pose">Edge:Inference:Pose.</param>
    /// <param name="duration">Of the twelve devices.</param>
    public static async Task RunAsync(PoseMode pose, TimeSpan duration)
    {
        byte[][] pictures =
        [
            .. from size in ((int, int)[])
                   [(160, 120), (320, 240), (640, 480), (1280, 720), (1920, 1080), (3840, 2160), (4096, 4096)]
               select Pictures.Jpeg(size.Item1, size.Item2),

            // As many pixels as are accepted, and almost as many bytes.
            Pictures.Jpeg(4096, 4096, quality: 99),
        ];
        Console.WriteLine($"Pictures of {string.Join(", ", pictures.Select(picture => picture.Length))} bytes");
        using var broker = new EmbeddedBroker(6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        var folder = Directory.CreateTempSubdirectory("edgecloud-");
        await using (var edge = await ServiceProcess.StartAsync("EdgeCloud.Edge",
        [
            ("ConnectionStrings:kafka", broker.BootstrapServers), ("Edge:Inference:Pose", $"{pose}"),
            ("Edge:Events:OutboxPath", Path.Combine(folder.FullName, "outbox.db")),
            ("Edge:Frames:MaxFramesPerSecond", "1000"), ("Edge:Inference:MaxWait", "00:00:10"),
            ("Logging:LogLevel:Default", "Warning"),
        ]))
        {
            Console.WriteLine($"{edge.Resident} MB before any frame");
            var frames = await MixAsync(edge, pictures);
            Console.WriteLine($"{frames} frames of all sizes: {edge.Resident} MB, at most {edge.Peak} MB");
            await PlayAsync(edge, pictures, devices: 1, Minute);
            Console.WriteLine($"a minute later: {edge.Resident} MB");
            await PlayAsync(edge, pictures, Devices, duration);
            Console.WriteLine($"at the end: {edge.Resident} MB");
        }

        folder.Delete(recursive: true);
    }

    /// <returns>How many frames were accepted.</returns>
    private static async Task<int> MixAsync(ServiceProcess edge, byte[][] pictures)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var (random, accepted) = (new Random(client), 0);
            while (Stopwatch.GetElapsedTime(started) < Minute)
                accepted += await PostAsync(edge, $"client-{client}", random.GetItems(pictures, 1)[0]) ? 1 : 0;
            return accepted;
        }));
        return counts.Sum();
    }

    /// <summary>640 × 480 and 320 × 240 in turn, two frames of each, so that one has changed and one has not.</summary>
    private static async Task PlayAsync(ServiceProcess edge, byte[][] pictures, int devices, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var cameras = Enumerable.Range(0, devices).Select(async device =>
        {
            using var timer = new PeriodicTimer(Interval);
            for (var frame = 0; Stopwatch.GetElapsedTime(started) < duration; frame++)
            {
                await PostAsync(edge, $"camera-{device}", pictures[frame / 2 % 2 == 0 ? 2 : 1]);
                await timer.WaitForNextTickAsync();
            }
        });
        var playing = Task.WhenAll(cameras);
        while (await Task.WhenAny(playing, Task.Delay(5 * Minute)) != playing)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{devices} devices, {Stopwatch.GetElapsedTime(started).TotalMinutes:F0} min: {edge.Resident} MB"));
        await playing;
    }

    private static async Task<bool> PostAsync(ServiceProcess edge, string device, byte[] jpeg)
    {
        using var content = new ByteArrayContent(jpeg);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await edge.Http.PostAsync($"/frame?device_id={device}", content);
        return response.IsSuccessStatusCode;
    }
}
